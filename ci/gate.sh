#!/usr/bin/env bash
# The gate of a CI job: checks cases, folders or plain C files and exits with the result.
set -euo pipefail

home=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
racegate=$home/build/racegate

usage()
{
	cat <<-'END'
	usage: ci/gate.sh [OPTION…] TARGET…

	Builds and runs every TARGET (a case, a folder, a C file) under all tools that
	`racegate doctor` finds, and prints the verdicts, the findings and where the
	session's files are. OPTIONs are those of `racegate check`; write a value
	after "=", as in --budget=120 or --tool=tsan,helgrind.

	RACEGATE_OUT  the session folder; by default a new reports/gate-<time> here

	Exit codes: 0 clean, 1 findings or failed verdicts, 2 wrong usage or a broken
	case, 3 inconclusive or not all could be checked, 4 nothing ran, 128+n signal n.
	END
}

wrong()
{
	echo "gate: $1" >&2
	usage >&2
	exit 2
}

options=()
targets=()
for arg; do
	case $arg in
	--help | -h)
		usage
		exit 0
		;;
	--out | --out=*) wrong "name the session folder with RACEGATE_OUT" ;;
	--json | --quiet | -q) ;; # the summary is the gate's own
	-*) options+=("$arg") ;;
	*) targets+=("$arg") ;;
	esac
done
((${#targets[@]})) || wrong "no target given"

if [[ ! -x $racegate ]]; then
	# Show its output only if it fails.
	log=$(mktemp)
	if ! { "$home/ci/setup.sh" && make -C "$home" -s -j"$(nproc)" all; } >"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		echo "gate: racegate could not be built" >&2
		exit 3
	fi
	rm -f "$log"
fi

out=${RACEGATE_OUT:-reports/gate-$(date +%Y%m%d-%H%M%S)}
status=0
"$racegate" check "${options[@]}" --out "$out" "${targets[@]}" >/dev/null || status=$?

# After wrong usage, a session that is there belongs to somebody else.
if ((status != 2)) && [[ -e $out/report.json ]]; then
	"$racegate" report --format markdown "$out" || true
	echo
	for file in report.json junit.xml summary.md runs.jsonl logs; do
		[[ ! -e $out/$file ]] || printf '%-12s %s\n' "$file" "$out/$file"
	done
fi
exit "$status"
