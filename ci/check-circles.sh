#!/usr/bin/env bash
# Circles: files of one folder, or folders, of which each needs the other, directly or by a third.
#   ci/check-circles.sh [ROOT]    ROOT: the tree to look at, by default this one
# What includes do not show is seen in ROOT/build/obj and ROOT/build/rt, as far as they are built.
# Prints one way round each circle. Exit codes: 0 none, 1 some, 2 wrong usage.
set -euo pipefail

if (($# > 1)) || [[ ${1:-} == -* ]]; then
	sed -n '2,5s/^# //p' "$0" >&2
	exit 2
fi
cd -- "${1:-$(dirname -- "${BASH_SOURCE[0]}")/..}"
[[ -d harness ]] || {
	echo "check-circles: there is no harness/ in $PWD" >&2
	exit 2
}

# Of a module, which is a .c and a .h of one name: who includes whom.
includes()
{
	find harness -name '*.[ch]' -not -path 'harness/test/*' -not -path 'harness/cli/template/*' \
		-not -path 'harness/tool/canary/*' -exec grep -H '^[ 	]*#[ 	]*include "' {} + |
		sed -E 's#^harness/([^:]*)\.[ch]:[^"]*"([^"]*)\.(h|def)".*#\1 \2#' |
		while read -r from to; do
			folder=${from%/*}
			for place in "$to" "rt/$to" "$folder/$to"; do
				[[ -e harness/$place.h || -e harness/$place.def ]] || continue
				[[ $from == "$place" ]] || echo "$from $place include"
				break
			done
		done
}

# Who uses what another one defines. The C library's functions that rt/ defines for the program
# are nobody's own use.
calls()
{
	local -a objects

	mapfile -t objects < <(find build/obj build/rt -name '*.o' -not -path 'build/obj/test/*' \
		2>/dev/null)
	((${#objects[@]})) || return 0
	nm -A -g "${objects[@]}" 2>/dev/null | awk '
		{
			split($0, part, ":")
			file = part[1]
			sub(/^build\/(obj\/)?/, "", file)
			sub(/\.o$/, "", file)
			if (system_of[file] == "")
				system_of[file] = system("test -e harness/" file ".c") ? "gone" : "here"
			if (system_of[file] == "gone" || (file ~ /^rt\// && $NF !~ /^rt_/))
				next
			if ($(NF - 1) == "U")
				used[file " " $NF]
			else
				defines[$NF] = file
		}
		END {
			for (pair in used) {
				split(pair, part, " ")
				to = defines[part[2]]
				if (to != "" && to != part[1])
					print part[1], to, part[2] "()"
			}
		}'
}

{
	includes
	calls
} | sort -u | awk '
function folder(module)
{
	sub(/\/[^\/]*$/, "", module)
	return module
}

function edge(graph, from, to, why)
{
	if ((graph, from, to) in reason)
		return
	reason[graph, from, to] = why
	next_[graph, from, ++nr[graph, from]] = to
	if (!((graph, from) in known)) {
		known[graph, from]
		nodes[++nr_nodes] = graph SUBSEP from
	}
}

# The shortest way from a node to itself; "" when there is none. What it passes goes to `seen`.
function way_round(graph, start,    queue, head, tail, node, to, i, came, way)
{
	queue[++tail] = start
	while (head < tail) {
		node = queue[++head]
		for (i = 1; i <= nr[graph, node]; i++) {
			to = next_[graph, node, i]
			if (to == start) {
				way = " -> " to " (" reason[graph, node, to] ")"
				for (; node != start; node = came[node]) {
					way = " -> " node " (" reason[graph, came[node], node] ")" way
					seen[graph, node]
				}
				return start way
			}
			if (!(to in came)) {
				came[to] = node
				queue[++tail] = to
			}
		}
	}
	return ""
}

{
	if (folder($1) == folder($2))
		edge($3 == "include" ? "included" : "called", $1, $2, $3)
	else
		edge("folders", folder($1) "/", folder($2) "/",
			$3 == "include" ? $1 " includes " $2 : $3 " from " $1)
}

END {
	for (i = 1; i <= nr_nodes; i++) {
		split(nodes[i], part, SUBSEP)
		if ((part[1], part[2]) in seen)
			continue
		way = way_round(part[1], part[2])
		if (way == "")
			continue
		print part[1] ": " way
		circles++
	}
	exit circles > 0
}' || exit 1
