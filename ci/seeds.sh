#!/usr/bin/env bash
# How soon the explorer detects each case, called by `make seeds`: campaigns from 20 seeds over
# the racy variant of every case that does not fork, until each has detected it, 1,000 schedules at
# most; 10,000 schedules of the fixed variant, 500 from each seed. Prints a table and one line
# that sums it up. Exit codes: 0 all were detected and nothing was reported of a fixed variant,
# 1 not so, 3 the harness could not do its work. Takes two to ten minutes on two cores.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

seeds=20
most=1000
few=50
fixed=10000
# Nearly all campaigns detect their case early; the others start again and go further. It
# is the same campaign: the seed decides what it does, not how far it may go.
first=100
folder=build/seeds

# explore NAME SCHEDULES TARGET…: a session in the folder. That a verdict fails is for the table.
explore()
{
	local status=0

	build/racegate explore --quiet --as-found --seed 1 --runs "$seeds" --schedules "$2" \
		--out "$folder/$1" "${@:3}" >"$folder/$1.log" 2>&1 || status=$?
	if ((status > 1)); then
		tail -n 20 "$folder/$1.log"
		echo "seeds: racegate explore ended with $status; the whole log: $folder/$1.log"
		exit 3
	fi
}

# rows SESSION…: CASE DETECTED CAMPAIGNS MEDIAN MAX [FIXED HITS], a line for each case
rows()
{
	build/racegate scoreboard "$@" |
		sed -n '/^Schedules until detected/,/^$/s|^  \([a-z-]*/[^ ]*\)  *\([0-9]*\)/|\1 \2 |p'
}

rm -rf "$folder"
mkdir -p "$folder"
mapfile -t names < <(grep -L '^processes:' cases/*/*/case.yaml | sed 's|^cases/||; s|/case.yaml$||')
# The fix of a case may be to fork.
forks=$(grep -l 'variant: fixed, tools: \[explore\], limitation: unsupported' cases/*/*/case.yaml |
	sed 's|^cases/||; s|/case.yaml$||')
mapfile -t controlled < <(printf '%s\n' "${names[@]}" | grep -vxF "$forks")
explore fixed $((fixed / seeds)) "${controlled[@]/%//fixed}"
explore first "$first" "${names[@]/%//racy}"
mapfile -t slow < <(rows "$folder/first" | awk '$2 < $3 { print $1 }')
((${#slow[@]} == 0)) || explore more "$most" "${slow[@]/%//racy}"
{
	rows "$folder/first" "$folder/fixed"
	((${#slow[@]} == 0)) || rows "$folder/more" "$folder/fixed"
} >"$folder/rows"

awk -v names="${names[*]}" -v forks=" ${forks//$'\n'/ } " -v seeds="$seeds" -v most="$most" -v few="$few" -v fixed="$fixed" '
	{ row[$1] = $0 } # of two the later, which went further
	END {
		nr = split(names, name, " ")
		printf "%-37s %8s %7s %6s %9s %5s\n", "CASE", "DETECTED", "MEDIAN", "MAX", "FIXED", "HITS"
		for (i = 1; i <= nr; i++) {
			n = split(row[name[i]], r, " ")
			forked = index(forks, " " name[i] " ")
			if (n < 3) {
				printf "%-37s nothing can be said\n", name[i]
				continue
			}
			printf "%-37s %8s %7s %6s %9s %5s\n", r[1], r[2] "/" r[3], r[4], r[5], \
				forked ? "forks" : r[6], r[7]
			detected += r[2] == seeds && r[3] == seeds
			within += r[4] != "-" && r[4] <= few
			clean += !forked && n > 5 && r[6] == fixed && r[7] == 0
			controlled += !forked
		}
		printf "%d cases, %d seeds: detected within %d schedules from every seed: %d; ", \
			nr, seeds, most, detected
		printf "half of the seeds within %d: %d; %d schedules of the fixed variant without a " \
			"finding: %d of %d\n", few, within, fixed, clean, controlled
		exit detected != nr || 2 * within <= nr || clean != controlled
	}' "$folder/rows"
