#!/usr/bin/env bash
# The include rule: a stage knows only itself and the stages to its left.
#   ci/check-includes.sh [ROOT]    ROOT: the tree to look at, by default this one
# Prints file:line of each violation. Exit codes: 0 none, 1 some, 2 wrong usage.
set -euo pipefail

order=(base model catalog tool build cc run detect explore judge session report cli claims)

if (($# > 1)) || [[ ${1:-} == -* ]]; then
	sed -n '2,4s/^# //p' "$0" >&2
	exit 2
fi
cd -- "${1:-$(dirname -- "${BASH_SOURCE[0]}")/..}"
[[ -d harness ]] || {
	echo "check-includes: there is no harness/ in $PWD" >&2
	exit 2
}

# A case that is a template stands for one in cases/.
# shellcheck disable=SC2016 # the $ signs are those of awk
find harness -name '*.[ch]' -not -path 'harness/cli/template/*' -print0 | sort -z | xargs -0 awk -v order="${order[*]}" '
function complain(why)
{
	printf "%s:%d: \"%s\": %s\n", FILENAME, FNR, name, why
	violations++
}

# "..." is written from harness/: the stage is the first folder.
function judge_stage()
{
	if (stage == "claims" && name ~ /^cases\/include\/[a-z_]+\.h$/)
		return # what it measures is what the cases use
	if (name == "rt/protocol.h" && stage ~ /^(run|detect|explore|test)$/)
		return # what an explored program and its driver say to each other
	if (name == "tsan/seal.h" && stage ~ /^(run|detect|session)$/)
		return # what the hook seals is opened with the same
	if (!from)
		complain("harness/" stage "/ is no stage; the stages are " order)
	else if (index(name, "/") == 0 || name ~ /(^|\/)\.\.?\//)
		complain("write it from harness/, as in \"base/err.h\"")
	else if (!rank[first])
		complain(first "/ is no stage that " stage "/ may see")
	else if (rank[first] > from)
		complain(stage "/ may not see " first "/, which comes after it")
}

# What becomes part of the programs under test knows its own folder only; rt/ has rooms, and its
# files are named from there.
function judge_rt()
{
	if (system("test -f harness/rt/" name))
		complain("rt/ includes nothing from the harness")
}

function judge_own()
{
	if (system("test -f harness/" stage "/" name))
		complain(stage "/ includes nothing from the harness")
}

BEGIN {
	nr = split(order, stages, " ")
	for (i = 1; i <= nr; i++)
		rank[stages[i]] = i
}

FNR == 1 {
	split(FILENAME, part, "/")
	stage = part[2]
	from = rank[stage]
}

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
	name = $0
	sub(/^[ \t]*#[ \t]*include[ \t]*/, "", name)
	quoted = name ~ /^"/
	sub(/^["<]/, "", name)
	sub(/[">].*$/, "", name)
	first = index(name, "/") ? substr(name, 1, index(name, "/") - 1) : ""
	if (!quoted && rank[first])
		complain("an include of the harness goes in \"...\"")
	else if (quoted && stage == "rt")
		judge_rt()
	else if (quoted && (stage == "perturb" || stage == "tsan"))
		judge_own()
	else if (quoted && stage != "test")
		judge_stage()
}

END {
	exit violations > 0
}' || exit 1
