#!/usr/bin/env bash
# What the harness costs, beside what it may cost: ci/bench.sh [OPTION…]
# OPTIONs are those of build/bench-pool. Figures are no tests: they never fail.
# The explorer's are measured by build/bench-explore, which says how.
# Exit codes: 0 measured, 3 could not measure.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

for program in bench-pool bench-explore; do
	[[ -x build/$program ]] || {
		echo "bench: build/$program is missing; \`make bench\` builds it" >&2
		exit 3
	}
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "measuring the pool, about a minute on two idle CPUs (load now: $(cut -d ' ' -f 1 /proc/loadavg))"
if ! build/bench-pool "$@" >"$work/pool"; then
	cat "$work/pool" >&2
	echo "bench: build/bench-pool failed" >&2
	exit 3
fi

# Its lines in one table. Column 1 of a row of `want` is how its line begins.
awk '
function row(what, target, measured)
{
	printf "%-36s %-10s %s\n", what, target, measured
	rows++
}

BEGIN { row("figure", "target", "measured") }
/^posix_spawn loop/ { bare = $3; row("bare posix_spawn loop", "", bare " runs/s") }
/^pool, 1 slot / { row("pool, 1 slot, against the loop", ">= 0.80", $6 " (" $4 " runs/s)") }
/^pool, 2 slots/ { row("pool, 2 slots, against 1 slot", ">= 1.7x", $10 "x (" $4 " runs/s)") }
/ sleeps of / {
	slots = $0
	sub(/^.*, /, "", slots)
	match($0, /[0-9]+ slots/)
	row("wall against CPU and sleep, " substr($0, RSTART, RLENGTH), "<= 1.15", $NF "x")
}
/^memory/ {
	grown = $5 - $2
	row("memory over " $8 " runs", "flat", sprintf("%+d KiB (%s to %s)", grown, $2, $5))
}
/^runs that did not/ { if ($NF) row("runs that did not end with exit 0", "0", $NF) }
END { exit rows < 6 }' "$work/pool" || {
	cat "$work/pool" >&2
	echo "bench: the lines of build/bench-pool are not those that were expected" >&2
	exit 3
}

echo
echo "measuring the explorer, some seconds on one idle CPU (load now: $(cut -d ' ' -f 1 /proc/loadavg))"
if ! build/bench-explore >"$work/explore"; then
	cat "$work/explore" >&2
	echo "bench: build/bench-explore failed" >&2
	exit 3
fi

awk '
function row(what, target, measured, by_cpu)
{
	printf "%-36s %-10s %-26s %s\n", what, target, measured, by_cpu
	rows++
}

BEGIN { row("figure", "target", "measured", "by CPU time") }
/^fork, exit, wait/ { row("plain fork, exit, wait", "", $4 " per s", "") }
/^two threads, 15 steps/ { row("15 steps, against that", ">= 0.50", $8 " (" $5 " per s)", $NF) }
/^no step/ { row("an iteration without a step", "", $6 " (" $3 " per s)", $NF) }
/^a switch at every second/ { row("a step, switch at every second", "<= 100 ns", $6 " ns", $13 + 0 " ns") }
/^no switch/ { row("a step, no switch", "<= 50 ns", $3 " ns", $10 + 0 " ns") }
/^the CPU was ours/ { share = $6 }
/^memory/ { row("memory over " $8 " iterations", "flat", sprintf("%+d KiB (%s to %s)", $5 - $2, $2, $5), "") }
END {
	if (share < 0.9)
		printf "This CPU was shared: the explorer had it for %d %% of the time. What it costs stands under CPU time.\n", share * 100
	exit rows < 7
}' "$work/explore" || {
	cat "$work/explore" >&2
	echo "bench: the lines of build/bench-explore are not those that were expected" >&2
	exit 3
}

if command -v hyperfine >/dev/null; then
	echo
	echo "the whole command, canaries included:"
	hyperfine --style basic --warmup 1 --runs 5 \
		--command-name 'racegate run --tool native --runs 100 -- true' \
		"build/racegate run --quiet --tool native --runs 100 --out $work/run -- $(type -P true)" \
		--prepare "rm -rf $work/run"
else
	echo "hyperfine is not installed (ci/setup.sh --bench): the whole command is not measured"
fi
