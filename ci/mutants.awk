# The mutants of a C file that differ from it in one token, one condition that is negated or one
# call that is left out. want=0 lists them: number, line, the mutated line without its indentation.
# want=N prints the file with the Nth made.
# Comments, strings and the preprocessor's lines are left alone, and calls that only give memory
# back: no test sees that.

function line_from(string, at,    start, rest)
{
	start = at
	while (start > 1 && substr(string, start - 1, 1) != "\n")
		start--
	rest = substr(string, start)
	sub(/\n.*/, "", rest)
	gsub(/^[ \t]+|[ \t]+$/, "", rest)
	return rest
}

# Puts `with` in place of `length_` characters from `at` on.
function mutant(at, length_, with, label,    mutated)
{
	nr++
	if (want && want != nr)
		return
	mutated = substr(text, 1, at - 1) with substr(text, at + length_)
	if (want)
		printf "%s", mutated
	else
		printf "%d\t%d\t%s\n", nr, line, label ? label line_from(text, at) : line_from(mutated, at)
}

# Behind the literal, comment or bracket that begins at `at`.
function behind(at,    c, depth)
{
	c = substr(text, at, 1)
	if (c == "\"" || c == "'") {
		for (at++; substr(text, at, 1) != c && at <= end; at++)
			if (substr(text, at, 1) == "\\")
				at++
		return at + 1
	}
	if (substr(text, at, 2) == "//")
		return at + index(substr(text, at), "\n") - 1
	if (substr(text, at, 2) == "/*")
		return at + index(substr(text, at), "*/") + 1
	for (depth = 0; at <= end; at++) {
		c = substr(text, at, 1)
		if (c == "\"" || c == "'")
			at = behind(at) - 1
		else if (c == "(")
			depth++
		else if (c == ")" && !--depth)
			return at + 1
	}
	return at
}

# The condition in the brackets at `at`. What dropping a `!` or changing == does is not done twice.
function negate(at,    condition)
{
	condition = substr(text, at, behind(at) - at)
	if (condition ~ /&&|\|\|/ || condition !~ /^\(!|[!=]=/)
		mutant(at, length(condition), "(!" condition ")")
}

function word_at(at,    word, next_)
{
	word = substr(text, at)
	match(word, /^([A-Za-z_][A-Za-z0-9_]*|[0-9][A-Za-z0-9_.]*)/)
	word = substr(word, 1, RLENGTH)
	next_ = at + length(word)
	if (word in swap)
		mutant(at, length(word), swap[word])
	else if ((word == "if" || word == "while") && substr(text, next_, 2) == " (")
		negate(next_ + 1)
	else if (first && !(word ~ releases) && substr(text, next_, 1) == "(" && substr(text, behind(next_), 1) == ";")
		mutant(at, behind(next_) - at, "", "left out: ")
	operand = word !~ /^(return|case)$/
	return next_
}

function operator_at(at,    op)
{
	for (size = 3; size > 1; size--) {
		op = substr(text, at, size)
		if (op in operators)
			break
	}
	op = substr(text, at, size)
	if ((op == "+" || op == "-") && !operand)
		operand = 0 # a sign
	else if (op == "!")
		mutant(at, 1, "")
	else if (op in swap)
		mutant(at, size, swap[op])
	operand = op == ")" || op == "]" || op == "++" || op == "--"
	return at + size
}

BEGIN {
	RS = "\001"
	releases = "^(free|[a-z_]*_release|json_decref|fclose|__builtin_unreachable)$"
	nr_pairs = split("< <= <= < > >= >= > == != != == + - - + += -= -= += ++ -- -- ++ " \
		"&& || || && true false false true 0 1 1 0", pairs, " ")
	for (i = 1; i < nr_pairs; i += 2)
		swap[pairs[i]] = pairs[i + 1]
	split("<<= >>= -> ++ -- << >> <= >= == != && || += -= *= /= %= &= |= ^=", pairs, " ")
	for (i in pairs)
		operators[pairs[i]]
}

{
	text = $0
	end = length(text)
	line = first = 1
	for (i = 1; i <= end; i = after) {
		c = substr(text, i, 1)
		after = i + 1
		if (c == "\n") {
			line++
			first = 1
			continue
		}
		if (c ~ /[ \t]/)
			continue
		if (first && c == "#") {
			while (substr(text, i, 1) != "\n" || substr(text, i - 1, 1) == "\\")
				line += substr(text, i++, 1) == "\n"
			after = i
			continue
		}
		if (c ~ /["']/ || substr(text, i, 2) ~ /^\/[\/*]/) {
			after = behind(i)
			operand = c != "/" || operand
		} else if (c ~ /[A-Za-z0-9_]/) {
			after = word_at(i)
		} else {
			after = operator_at(i)
		}
		skipped = substr(text, i, after - i)
		line += gsub(/\n/, "", skipped)
		first = 0
	}
}
