#!/usr/bin/env bash
# Sizes and names: files over 450 lines, functions over 60, statics of one name in more than three files.
#   ci/check-shape.sh [ROOT]    ROOT: the tree to look at, by default this one
# Exit codes: 0 nothing found, 1 something, 2 wrong usage.
set -euo pipefail

if (($# > 1)) || [[ ${1:-} == -* ]]; then
	sed -n '2,4s/^# //p' "$0" >&2
	exit 2
fi
cd -- "${1:-$(dirname -- "${BASH_SOURCE[0]}")/..}"
[[ -d harness ]] || {
	echo "check-shape: there is no harness/ in $PWD" >&2
	exit 2
}

# shellcheck disable=SC2016 # the $ signs are those of awk
{
	find . -maxdepth 1 -name Makefile
	for folder in ci harness cases; do
		[[ ! -d $folder ]] || find "$folder" -type f -not -path 'harness/test/fixtures/reports/*'
	done
} | tr '\n' '\0' | xargs -0 awk '
function complain(line, why)
{
	print FILENAME ":" line ": " why
	found++
}

FNR == 1 {
	own = FILENAME ~ /^harness\/.*\.c$/ && FILENAME !~ /^harness\/(test|cli\/template|tool\/canary)\//
	start = 0
}
FNR == 451 { complain(451, "more than 450 lines") }

FILENAME !~ /\.c$/ { next }

# A definition: what stands at the beginning of a line, a bracket of its own after it.
/^[A-Za-z_].*\(/ && !/;$/ {
	head = $0
	gsub(/__attribute__\(\([^)]*\)\) ?/, "", head)
}
/^[{]/ {
	start = FNR
	if (own && head ~ /^static / && match(head, /[A-Za-z0-9_]+\(/)) {
		name = substr(head, RSTART, RLENGTH - 1)
		files[name] = files[name] "\n    " FILENAME ":" FNR
		nr[name]++
	}
	head = ""
}
/^}/ && start {
	if (FNR - start + 1 > 62)
		complain(start, "a function of more than 60 lines")
	start = 0
}

END {
	for (name in nr)
		if (nr[name] > 3) {
			print name "(): a static of this name is in " nr[name] " files" files[name]
			found++
		}
	exit found > 0
}' || exit 1
