#!/usr/bin/env bash
# The tests, called by `make check` once everything is built. Ends with one line:
# "N passed, M failed". Exit codes: 0 none failed, 1 some did.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

session=build/check-session
asan_sessions=build/check-asan
logs=build/check

# Suites that judge the session or run the built racegate: its own parts are in the others.
end_to_end='^(catalogue|e2e_.*)$'
# Valgrind adds nothing to suites that mostly start other programs, and valgrind_xml, which
# parses its reports cut off at every byte, would take minutes: ASan sees all of these.
not_under_valgrind='^(artifact|cache|child|hang|interrupt|orphans|perturb|pool|valgrind_xml|campaign|campaign_stop|no_return|replay|policies|rt_.*|spin|store)$'

passed=0
failed=0
bad_parts=()
declare -A pids began

suites()
{
	sed -n 's/^SUITE(\(.*\)).*/\1/p' harness/test/suites.def
}

# Adds what a part counted and prints its line: result NAME START PASSED FAILED
result()
{
	passed=$((passed + $3))
	failed=$((failed + $4))
	printf '%-10s %4d s  %d passed, %d failed\n' "$1" $((SECONDS - $2)) "$3" "$4"
	(($4 == 0)) || bad_parts+=("$1")
}

# What to look at in the log of a part that failed.
excerpt()
{
	grep -E -A 12 'had failures:|ERROR: (Address|Leak)Sanitizer|runtime error:|definitely lost' "$1" |
		head -n 60 || true
	echo "the whole log: $1 (whole stacks, slowly: ASAN_OPTIONS=fast_unwind_on_malloc=0)"
}

# Runs a command that passes or fails as a whole: whole NAME COMMAND…
whole()
{
	local name=$1 start=$SECONDS

	shift
	if "$@" >"$logs/$name.log" 2>&1; then
		result "$name" "$start" 1 0
	else
		result "$name" "$start" 0 1
		tail -n 20 "$logs/$name.log"
	fi
}

# Starts a command that runs CUnit, in the background: begin NAME COMMAND… The shell would
# make it deaf to Ctrl-C and would not end it: it gets its signals back, and a group to be
# ended by.
begin()
{
	local name=$1

	shift
	began[$name]=$SECONDS
	setsid env --default-signal=INT,QUIT "$@" >"$logs/$name.log" 2>&1 &
	pids[$name]=$!
}

# Waits for it and counts its tests: finish NAME
finish()
{
	local name=$1 status=0 ok bad

	wait "${pids[$name]}" || status=$?
	read -r ok bad < <(awk '
		$1 == "tests" && NF == 6 { ok = $4; bad = $5; seen = 1 }
		END { print ok + 0, seen ? bad : 1 }' "$logs/$name.log")
	# A crash, a leak or a suite that could not begin is a failure that CUnit does not count.
	((status == 0 || bad > 0)) || bad=1
	result "$name" "${began[$name]}" "$ok" "$bad"
	((bad == 0)) || excerpt "$logs/$name.log"
	unset "pids[$name]"
}

end_begun()
{
	for pid in "${pids[@]}"; do
		kill -TERM -- "-$pid" || true
	done
}

# Whole sessions of the sanitized build: of all tools, of what leaves processes behind, times out
# and is explored, and what is made of them. What they say is for the other tests to judge.
asan_sessions()
{
	local racegate=$PWD/build/asan/racegate out=$asan_sessions status call
	local -a calls=(
		"check --quick --runs 2 shared-state/lock-order synchronisers/barrier-shortfall --out $out/cases"
		"check --quick --runs 1 processes/process-orphan --out $out/processes"
		"explore --schedules 300 queues/queue-lost-wakeup --out $out/explore"
		"run --tool native,helgrind --runs 2 --timeout 1 --out $out/run -- build/fixtures/prog_behave daemon"
		"check --tool native --runs 1 --out $out/none no-such-file.c"
		"report $out/cases --format markdown"
		"scoreboard $out/cases"
	)

	rm -rf "$out"
	mkdir -p "$out"
	# Its home is the folder above that of the program.
	ln -sfn ../harness build/harness
	ln -sfn ../cases build/cases
	for call in "${calls[@]}"; do
		status=0
		# shellcheck disable=SC2086 # its words
		"$racegate" $call >>"$out/log" 2>&1 || status=$?
		echo "racegate $call: ended with $status"
		((status <= 4)) || return 1
	done
	[[ $(grep -c tool-unavailable "$out/log") == 0 ]] || return 1
	# Helpers of a session are sanitized as well; what they say is in its records.
	! grep -rhE --include='*.json*' --include=log '(Address|Leak)Sanitizer|runtime error:' "$out"
}

# Failed verdicts are for the tests to judge: here only the session has to come about.
run_catalogue()
{
	local status=0

	if [[ -e $session && ! -e $session/session.json ]]; then
		echo "$session is no session; it stays as it is"
		return 1
	fi
	rm -rf "$session"
	build/racegate check --quick --out "$session" >"$logs/session.txt" \
		2>build/check-session.log || status=$?
	tail -n 5 build/check-session.log "$logs/session.txt"
	((status == 0 || status == 1 || status == 3)) && [[ -s $session/report.json ]]
}

build_sanitized()
{
	make --no-print-directory -s -j"$(nproc)" B=build/asan \
		CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer' \
		all build/asan/test-racegate
}

trap end_begun EXIT
mkdir -p "$logs"
# The explorer's runtime runs in programs of its own, which ASan does not see into.
mapfile -t units < <(suites | grep -vE "$end_to_end" | grep -v '^rt_')
mapfile -t steady < <(suites | grep -vE "$end_to_end" | grep -vE "$not_under_valgrind")
mapfile -t others < <(suites | grep -vxF "$(printf '%s\n' "${steady[@]}")")

# What takes seconds comes first: a wrong word is seen at once.
whole includes ci/check-includes.sh
begin quick build/test-racegate "${steady[@]}"
finish quick
# Most tests wait more than they compute: the sanitized ones run beside them.
whole catalogue run_catalogue
begin tests env RACEGATE_SESSION="$session" build/test-racegate "${others[@]}"
whole asan-build build_sanitized
[[ ! -x build/asan/test-racegate ]] || begin asan build/asan/test-racegate "${units[@]}"
finish tests
[[ ! -x build/asan/racegate ]] || whole sessions asan_sessions
begin valgrind valgrind --quiet --leak-check=full --error-exitcode=9 \
	build/test-racegate "${steady[@]}"
[[ -z ${pids[asan]:-} ]] || finish asan
finish valgrind

((failed == 0)) || echo "failed in: ${bad_parts[*]}"
echo "$passed passed, $failed failed"
((failed == 0))
