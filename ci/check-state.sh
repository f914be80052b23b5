#!/usr/bin/env bash
# The rule of state: a writable variable of the runtime says how long it lasts (harness/rt/rt.h).
#   ci/check-state.sh [OBJECT]    by default build/explore_rt.o
# Prints each variable that does not. Exit codes: 0 none, 1 some, 2 wrong usage.
set -euo pipefail

if (($# > 1)) || [[ ${1:-} == -* ]]; then
	sed -n '2,4s/^# //p' "$0" >&2
	exit 2
fi
object=${1:-$(dirname -- "${BASH_SOURCE[0]}")/../build/explore_rt.o}
[[ -f $object ]] || {
	echo "check-state: cannot find $object" >&2
	exit 2
}

readelf -SsW "$object" | awk '
# "[Nr] Name Type Address Off Size ES Flg ...": what is written to after the program has started.
/^ *\[ *[0-9]+\]/ {
	sub(/^ *\[ */, "")
	if ($8 ~ /W/ && $2 !~ /^(rt_iteration|rt_process|rt_reals|rt_names|\.data\.rel\.ro.*|\.init_array.*)$/)
		section[$1 + 0] = $2
}

# "Num: Value Size Type Bind Vis Ndx Name"
$4 ~ /^(OBJECT|COMMON|TLS)$/ && ($7 in section || $7 == "COM") {
	printf "%s in %s: neither RT_ITERATION_STATE nor RT_PROCESS_STATE\n", $8,
		$7 in section ? section[$7] : "COMMON"
	violations++
}

END {
	exit violations > 0
}'
