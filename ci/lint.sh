#!/usr/bin/env bash
# Formatting, static analysis and the rules of the tree: ci/lint.sh [PART…]
# Without a PART all of them; every part runs even if one before it has failed.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

all_parts=(format includes sizes state circles paths shell compile cppcheck tidy)
# The runtime is compiled with its own folder in the path, the harness without: make sees to it.
dialect='-std=c17 -D_GNU_SOURCE -Iharness -Iharness/rt -I.'
jobs=$(nproc)

usage()
{
	cat <<-END
	usage: ci/lint.sh [PART…]

	  format    clang-format has nothing to change
	  includes  a stage knows only itself and the stages to its left
	  state     each variable of the runtime says how long it lasts
	  circles   no two files of a folder, and no two folders, that need each other
	  sizes     no file over 450 lines, no function over 60, no static of one name in many files
	  paths     nothing names a path of this machine
	  shell     shellcheck, when it is installed
	  compile   no warning from gcc or clang
	  cppcheck  warnings, performance, portability
	  tidy      clang-tidy with .clang-tidy (takes minutes)

	Exit codes: 0 clean, 1 findings, 2 wrong usage, 3 something is missing.
	END
}

# Captured reports name lines of the programs beside them, which therefore stay as they are.
sources()
{
	find harness cases -name "$1" -not -path 'harness/test/fixtures/reports/*' -print0 | sort -z
}

# What make compiles into the harness and its tests.
compiled()
{
	find harness -name '*.c' -not -path '*/fixtures/*' -not -path 'harness/tool/canary/*' \
		-not -path 'harness/cli/template/*' -print0 | sort -z
}

lint_format()
{
	sources '*.[ch]' | xargs -0 -n 16 -P "$jobs" clang-format --dry-run -Werror
}

lint_includes()
{
	ci/check-includes.sh
}

# Calls are seen in what is built.
lint_circles()
{
	make --no-print-directory -s -j"$jobs" SAY=@: all
	ci/check-circles.sh
}

lint_sizes()
{
	ci/check-shape.sh
}

lint_state()
{
	make --no-print-directory -s SAY=@: build/explore_rt.o
	ci/check-state.sh
}

lint_paths()
{
	local -a patterns=(-e "$PWD/")

	# /root and the like; "/" on its own is no path of anybody's.
	[[ ${HOME:-/} == / ]] || patterns+=(-e "$HOME/")
	! grep -rnIF "${patterns[@]}" --exclude-dir=build --exclude-dir=reports --exclude-dir=.git .
}

lint_shell()
{
	local -a scripts

	mapfile -t scripts < <(find .ci ci harness cases -type f -exec \
		grep -lE '^#!(/bin/sh|/usr/bin/env bash|/bin/bash)' {} +)
	if command -v shellcheck >/dev/null; then
		shellcheck "${scripts[@]}"
	else
		echo "shellcheck is not installed: left out"
	fi
}

lint_compile()
{
	local compiler

	for compiler in gcc clang; do
		make --no-print-directory -s -j"$jobs" SAY=@: B="build/lint-$compiler" CC="$compiler" \
			WERROR=-Werror all "build/lint-$compiler/test-racegate" \
			"build/lint-$compiler/bench-pool" "build/lint-$compiler/bench-explore" \
			"build/lint-$compiler/claims"
	done
}

# cppcheck 2.10 knows C only up to 2011 and does not follow <system headers>, where
# MAP_ANONYMOUS is. In the cases the findings are the point.
lint_cppcheck()
{
	compiled | tr '\0' '\n' | cppcheck --quiet -j "$jobs" --std=c11 --language=c \
		--enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem -D_GNU_SOURCE -DMAP_ANONYMOUS -D__x86_64__ -Iharness -Iharness/rt -I. \
		--error-exitcode=1 --file-list=-
}

lint_tidy()
{
	# Its count of the warnings in system headers goes to stderr.
	# shellcheck disable=SC2016 # expanded by the inner shell
	compiled | dialect=$dialect xargs -0 -n 4 -P "$jobs" \
		sh -c 'clang-tidy --quiet "$@" -- $dialect 2>/dev/null' tidy
}

for part; do
	case " ${all_parts[*]} " in
	*" $part "*) ;;
	*)
		case $part in --help | -h) usage && exit 0 ;; esac
		usage >&2
		exit 2
		;;
	esac
done

ci/setup.sh --lint
failed=()
for part in "${@:-${all_parts[@]}}"; do
	start=$SECONDS
	# The status is asked for afterwards: inside a condition `set -e` would be off.
	set +e
	(
		set -e
		"lint_$part"
	)
	status=$?
	set -e
	((status == 0)) || failed+=("$part")
	printf '%-9s %s (%d s)\n' "$part" "$( ((status == 0)) && echo ok || echo FAILED)" \
		$((SECONDS - start))
done
if ((${#failed[@]})); then
	echo "lint: ${failed[*]}" >&2
	exit 1
fi
