#!/usr/bin/env bash
# Makes sure that what racegate needs is installed: quiet and quick when it is.
# As root it installs what is missing, otherwise it prints the command that does.
set -euo pipefail

usage()
{
	cat <<-'END'
	usage: ci/setup.sh [--lint] [--bench]

	  --lint   also what `make lint` needs
	  --bench  also what `make bench` can use

	Exit codes: 0 all there, 2 wrong usage, 3 something is missing.
	END
}

# diffutils shows fixes, git names the revision of a session, gdb is for `replay --gdb`.
packages=(gcc libc6-dev make clang gdb valgrind libcunit1-dev libcyaml-dev libyaml-dev
	libjansson-dev libexpat1-dev libdw-dev libelf-dev git diffutils)
commands=(gcc make clang gdb valgrind git diff)

for arg; do
	case $arg in
	--lint)
		packages+=(clang-format clang-tidy cppcheck shellcheck)
		commands+=(clang-format clang-tidy cppcheck shellcheck)
		;;
	--bench)
		packages+=(hyperfine)
		commands+=(hyperfine)
		;;
	--help | -h)
		usage
		exit 0
		;;
	*)
		usage >&2
		exit 2
		;;
	esac
done

# Without dpkg the packages have other names: say what to look for.
if ! command -v dpkg-query >/dev/null; then
	absent=()
	for name in "${commands[@]}"; do
		command -v "$name" >/dev/null || absent+=("$name")
	done
	((${#absent[@]})) || exit 0
	echo "setup: missing: ${absent[*]}" >&2
	echo "setup: this is not Debian; install these (on Debian: ${packages[*]})" >&2
	exit 3
fi

# Fills `missing` with the packages that are not installed.
find_missing()
{
	local -A installed=()
	local status name

	missing=()
	# dpkg-query complains about every package it has never heard of.
	while read -r status name; do
		[[ $status != installed ]] || installed[$name]=1
	done < <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null)
	for name in "${packages[@]}"; do
		[[ -v installed[$name] ]] || missing+=("$name")
	done
}

# clang only recommends the package with its sanitizers, whose name has a version in it.
have_tsan_runtime()
{
	compgen -G '/usr/lib/llvm-*/lib/clang/*/lib/*/libclang_rt.tsan*.a' >/dev/null
}

tsan_package()
{
	local depends clang name

	depends=$(dpkg-query -W -f='${Depends}' clang 2>/dev/null ||
		apt-cache show clang 2>/dev/null | sed -n 's/^Depends: //p' || true)
	clang=$(grep -o -m 1 'clang-[0-9]*' <<<"$depends" | head -n 1 || true)
	name=libclang-rt-${clang#clang-}-dev
	[[ -z $clang ]] || apt-cache pkgnames "$name" | grep -x "$name" || true
}

all_there()
{
	find_missing
	((${#missing[@]} == 0)) && have_tsan_runtime
}

install_missing()
{
	local runtime

	apt-get -o DPkg::Lock::Timeout=300 update || true # the installation decides
	runtime=$(tsan_package)
	apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install -y --no-install-recommends \
		"${missing[@]}" ${runtime:+"$runtime"}
}

all_there && exit 0

if ((EUID != 0)); then
	# With what the packages recommend: that brings the sanitizers of clang.
	have_tsan_runtime || missing+=("$(tsan_package)")
	echo "setup: something is missing; this installs it:" >&2
	echo "sudo apt-get install ${missing[*]}"
	exit 3
fi

export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "setup: installing ${missing[*]:-the runtime of ThreadSanitizer for clang}" >&2
# Once more after a pause: mirrors have bad moments.
if ! install_missing >"$log" 2>&1 || ! all_there; then
	sleep 5
	install_missing >"$log" 2>&1 || true
fi
if ! all_there; then
	tail -n 30 "$log" >&2
	echo "setup: could not install ${missing[*]:-the runtime of ThreadSanitizer for clang}" >&2
	exit 3
fi
