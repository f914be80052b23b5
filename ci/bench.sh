#!/usr/bin/env bash
# What the harness costs, beside what it may cost: ci/bench.sh [OPTION…]
# OPTIONs are those of build/bench-pool. Figures are no tests: they never fail.
# Exit codes: 0 measured, 3 could not measure.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

[[ -x build/bench-pool ]] || {
	echo "bench: build/bench-pool is missing; \`make bench\` builds it" >&2
	exit 3
}

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
