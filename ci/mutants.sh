#!/usr/bin/env bash
# Do the tests notice when the code is wrong? Makes small mistakes in it, one at a time, and runs
# the suites that cover them.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

sample=0 seed=1 jobs=2 listing='' again=''
enough=90                           # per cent
export RACEGATE_TEST_ITERATIONS=200 # of programs that are right

# `make check` runs the suites with these too: what they see is noticed.
sanitized=('-fsanitize=address,undefined' -fno-sanitize-recover=undefined)
export ASAN_OPTIONS=symbolize=0 LSAN_OPTIONS=print_suppressions=0

usage()
{
	cat <<-END
	usage: ci/mutants.sh [--sample N] [--seed S] [--jobs N] [--again F] [--list] [PATTERN…]

	  --sample N  N mutants, chosen by the seed (default: all)
	  --seed S    of the sample (default: 1)
	  --jobs N    so many at the same time (default: 2)
	  --again F   only those that survive according to F, the output of an earlier run
	  --list      only list them
	  PATTERN     of files, without harness/ ('judge/*' 'rt/model/mutex.c'; default: all)

	Prints the mutants that survive, those that change nothing (ci/mutants.equivalent says why)
	and how many were killed. What does not compile does not count.
	Exit codes: 0 at least $enough % killed, 1 fewer, 2 wrong usage, 3 it could not be tried.
	END
}

# Which suites notice a mistake in which files: the first line that fits. A mistake in the runtime
# costs a build of each test program, so that those suites are few and short.
covering()
{
	case $1 in
	judge/*) echo assess verdict outcome stats tally scoreboard time_to_detection \
		explored_judged merge render scoreboard_report ;;
	detect/ending.c) echo ending ;;
	detect/evidence.c) echo evidence explore_log ;;
	detect/explore_log.c) echo explore_log record ;;
	detect/take_result.c) echo record ending ;;
	detect/tsan_data.c) echo captured tsan_data ;;
	detect/tsan_text.c) echo captured tsan_text ;;
	detect/tsan_*) echo captured tsan_data tsan_text ;;
	detect/valgrind_*) echo captured valgrind_error valgrind_objects valgrind_xml ;;
	model/explore*) echo record explored_judged guarantee explore_log ;;
	model/*) echo finding record guarantee tally ending captured explored_judged store \
		report_load merge render ;;
	rt/model/barrier.c) echo rt_calls rt_barrier rt_shared ;;
	rt/model/c11.c) echo rt_calls rt_c11 ;;
	rt/model/cancel.c) echo rt_calls rt_cancel ;;
	rt/model/condvar.c) echo rt_calls rt_condvar rt_c11 rt_cancel rt_shared ;;
	rt/model/exit.c) echo rt_calls rt_sched rt_mutex rt_cancel rt_c11 rt_limits ;;
	rt/model/keys.c) echo rt_calls rt_c11 rt_cancel ;;
	rt/model/mutex.c) echo rt_calls rt_mutex rt_shared ;;
	rt/model/once.c) echo rt_calls rt_once ;;
	rt/model/rwlock.c) echo rt_calls rt_rwlock rt_shared ;;
	rt/model/semaphore.c) echo rt_calls rt_semaphore rt_cancel ;;
	rt/model/spin.c) echo rt_calls rt_spin rt_shared ;;
	rt/model/thread.c) echo rt_calls rt_sched rt_mutex rt_cancel rt_limits ;;
	rt/hb/blocks.c) echo rt_report rt_limits rt_fresh ;;
	rt/hb/report.c) echo rt_report rt_barrier ;;
	rt/hb/shadow.c) echo rt_shadow rt_atomics rt_report rt_limits ;;
	rt/hb/*) echo rt_atomics rt_shadow rt_report rt_sched rt_mutex rt_barrier rt_rwlock ;;
	rt/engine/policy_*) echo rt_schedules policies no_return ;;
	esac
}

fail()
{
	echo "mutants: $*" >&2
	exit 3
}

while (($#)); do
	case $1 in
	--sample | --seed | --jobs)
		[[ ${2:-} =~ ^[0-9]+$ ]] || { usage >&2 && exit 2; }
		declare "${1#--}=$2"
		shift
		;;
	--again)
		[[ -r ${2:-} ]] || { usage >&2 && exit 2; }
		again=$2
		shift
		;;
	--list) listing=1 ;;
	--help | -h) usage && exit 0 ;;
	-*) usage >&2 && exit 2 ;;
	*) break ;;
	esac
	shift
done
((jobs)) || { usage >&2 && exit 2; }
patterns=("${@:-*}")

work=$(mktemp -d "${TMPDIR:-/tmp}/racegate-mutants-XXXXXX")
trap 'rm -rf -- "$work"' EXIT

# NUMBER, FILE, LINE and TEXT of each mutant, with tabs between them.
list()
{
	local file pattern

	for file in harness/{judge,detect,model,rt/model,rt/hb}/*.c harness/rt/engine/policy_*.c; do
		for pattern in "${patterns[@]}"; do
			# shellcheck disable=SC2053 # it is a pattern
			[[ ${file#harness/} == $pattern ]] || continue
			awk -v want=0 -f ci/mutants.awk "$file" |
				awk -F '\t' -v file="$file" '{ print $1 "\t" file "\t" $2 "\t" $3 }'
			break
		done
	done
}

list >"$work/all"
[[ -s $work/all ]] || { echo "mutants: no file is called that: ${patterns[*]}" >&2 && exit 2; }
if ((sample)); then
	awk -v seed="$seed" 'BEGIN { srand(seed) } { printf "%.9f\t%s\n", rand(), $0 }' "$work/all" |
		sort -n | awk -F '\t' -v nr="$sample" 'NR <= nr' | cut -f 2- |
		sort -t "$(printf '\t')" -k 2,2 -k 1,1n >"$work/chosen"
elif [[ $again ]]; then
	# The lines may have moved since.
	awk -F '\t' '
		NR == FNR {
			if (sub(/^survives +/, "") && match($0, /:[0-9]+: /))
				survived[substr($0, 1, RSTART) substr($0, RSTART + RLENGTH - 1)]
			next
		}
		($2 ": " $4) in survived' "$again" "$work/all" >"$work/chosen"
else
	cp "$work/all" "$work/chosen"
fi
if [[ $listing ]]; then
	awk -F '\t' '{ print $2 ":" $3 ": " $4 }' "$work/chosen"
	exit 0
fi

make --no-print-directory -s -j"$jobs" SAY=@: all build/test-racegate || fail "it does not build"

# The commands that make would use if the file were newer.
commands()
{
	make --no-print-directory -n V=1 -W "$1" "$2"
}

# A tree as the tests want it, for job $1, whose build folder is its own.
plant()
{
	local tree=$work/$1 entry

	mkdir -p "$tree/build/fixtures"
	for entry in Makefile cases ci harness; do
		ln -s "$PWD/$entry" "$tree/$entry"
	done
	for entry in build/*; do
		case $entry in
		build/fixtures | build/mutants) ;;
		*) ln -s "$PWD/$entry" "$tree/$entry" ;;
		esac
	done
	for entry in build/fixtures/prog_*; do
		ln -s "$PWD/$entry" "$tree/$entry"
	done
}

# The tests of one suite: 0 when they pass, 1 when one fails, 124 when the time is up. Ends them
# at the first failure.
suite()
{
	local tree=$1 limit=$2 name=$3 line failed=0 status=0 fd runner

	exec {fd}< <(cd "$tree" && exec timeout -k 2 "$limit" build/test-racegate "$name" 2>&1 \
		</dev/null)
	runner=$!
	while IFS= read -r -u "$fd" line; do
		if [[ $line == *' had failures:' ]]; then
			failed=1
			kill "$runner" 2>/dev/null || true
			break
		fi
	done
	exec {fd}<&-
	wait "$runner" || status=$?
	return $((failed ? failed : status))
}

# The harness's tests take the mutated file from a library of its own, so that a mutant is one file
# compiled; the runtime's explore_rt.o is linked anew.
prepare()
{
	local tree=$1 file=$2 object=$3

	if [[ $file == harness/rt/* ]]; then
		commands "$file" build/explore_rt.o |
			grep -E "^[^:]* (-c $file|-o build/explore_rt\.o) " |
			sed "s#-c $file -o $object#-w -O1 -g0 -c $tree/mutant.c -o $tree/mutant.o#
				s#$object#$tree/mutant.o#
				s#build/explore_rt\.o#$tree/build/explore_rt.o#g" >"$tree/compile"
		return
	fi
	commands "$file" build/test-racegate | grep -- ' -o build/test-racegate ' |
		sed "s#-o build/test-racegate#${sanitized[*]} -rdynamic -o $tree/test#
			s# build/libracegate\.a# -Wl,--no-as-needed $tree/libmutant.so&#" >"$tree/link"
	cp "$file" "$tree/mutant.c"
	compile "$tree" "$file" && sh "$tree/link" &&
		readelf -d "$tree/test" | grep -q libmutant &&
		ln -sf "$tree/test" "$tree/build/test-racegate"
}

# Compiles mutant.c as the file is.
compile()
{
	local tree=$1 file=$2

	if [[ $file == harness/rt/* ]]; then
		rm -f "$tree/build/explore_rt.o"
		sh -e "$tree/compile" 2>"$tree/errors"
	else
		gcc -std=c17 -D_GNU_SOURCE -O1 -w "${sanitized[@]}" -Iharness -I. -shared -fPIC \
			-o "$tree/libmutant.so" "$tree/mutant.c" 2>"$tree/errors"
	fi
}

now_ms()
{
	echo $((${EPOCHREALTIME/./} / 1000))
}

# Runs the suites without a mutant: what fails then is not asked. Time, suite for each.
measure()
{
	local tree=$1 name start

	for name in $(covering "${2#harness/}"); do
		grep -q "SUITE($name)" harness/test/suites.def || fail "there is no suite $name"
		[[ ! -e $work/time.$name ]] || continue
		start=$(now_ms)
		if suite "$tree" 600 "$name"; then
			echo $(($(now_ms) - start)) >"$work/time.$name"
		else
			echo "mutants: $name fails without a mutant" >&2
			echo failing >"$work/time.$name"
		fi
	done
}

# What becomes of the mutant whose file is mutant.c.
judge()
{
	local tree=$1 file=$2 name ms status

	for name in $(covering "${file#harness/}"); do
		ms=$(<"$work/time.$name")
		[[ $ms != failing ]] || continue
		suite "$tree" $((5 + ms / 200)) "$name" && continue
		status=$?
		((status == 124 || status == 137)) && echo "hung $name" || echo "killed $name"
		return
	done
	echo survived
}

# Its share of the chosen: those of a file stay together.
job()
{
	local me=$1 tree=$work/$1 number file line text last='' object verdict

	plant "$me"
	while IFS=$'\t' read -r number file line text; do
		object=build/${file#harness/}
		[[ $file == harness/rt/* ]] || object=build/obj/${file#harness/}
		object=${object%.c}.o
		if [[ $file != "$last" ]]; then
			last=$file
			ln -sf "$PWD/build/test-racegate" "$tree/build/test-racegate"
			ln -sf "$PWD/build/explore_rt.o" "$tree/build/explore_rt.o"
			prepare "$tree" "$file" "$object" || fail "$file: does not build as it is"
			measure "$tree" "$file"
		fi
		awk -v want="$number" -f ci/mutants.awk "$file" >"$tree/mutant.c"
		if compile "$tree" "$file"; then
			verdict=$(judge "$tree" "$file")
		else
			verdict=uncompiled
		fi
		printf '%s\t%s\t%s\t%s\n' "$verdict" "$file" "$line" "$text" >>"$work/results"
	done < <(awk -v jobs="$jobs" -v me="$me" 'NR % jobs == me' "$work/chosen")
}

touch "$work/results"
for ((i = 0; i < jobs; i++)); do
	job "$i" &
done
all=$(wc -l <"$work/chosen")
while [[ $(jobs -rp) ]]; do
	[[ ! -t 2 ]] || printf '\r%s of %s' "$(wc -l <"$work/results")" "$all" >&2
	sleep 2
done
(($(wc -l <"$work/results") == all)) || fail "a job ended early"

sort -t "$(printf '\t')" -k 2,2 -k 3,3n "$work/results" | awk -F '\t' -v enough="$enough" '
function percent(part, whole) { return whole ? part * 100 / whole : 100 }
# FILE: the mutated line: reason. The reason begins at the last ": ".
NR == FNR {
	if (/^#|^$/)
		next
	match($0, /.*: /)
	reason[substr($0, 1, RLENGTH - 2)] = substr($0, RLENGTH + 1)
	next
}
$1 == "uncompiled" { next }
{
	key = $2 ": " $4
	nr[$2]++
	if ($1 != "survived")
		killed[$2]++
	else if (key in reason)
		equivalent[$2]++
	else
		print "survives    " $2 ":" $3 ": " $4
	if ($1 == "survived" && key in reason)
		print "equivalent  " $2 ":" $3 ": " $4 " (" reason[key] ")"
	hung += $1 ~ /^hung/
}
END {
	for (file in nr) {
		n = nr[file] - equivalent[file]
		printf "%-40s killed %d of %d\n", file, killed[file], n | "sort"
		all += n
		dead += killed[file]
		same += equivalent[file]
	}
	close("sort")
	printf "killed %d of %d (%.1f %%), %d of them by the time limit; %d more change nothing\n",
		dead, all, percent(dead, all), hung, same
	exit percent(dead, all) < enough
}' ci/mutants.equivalent -
