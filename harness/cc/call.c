#include "cc/call.h"

#include "base/fs.h"
#include "base/mem.h"

#include <string.h>

// Options whose value is the next argument; joined ones ("-Idir") have no row.
static const char *const valued[] = {
	"-o",
	"-x",
	"-I",
	"-L",
	"-l",
	"-D",
	"-U",
	"-A",
	"-B",
	"-F",
	"-G",
	"-T",
	"-b",
	"-e",
	"-h",
	"-u",
	"-y",
	"-z",
	"-MF",
	"-MT",
	"-MQ",
	"-MJ",
	"-include",
	"-imacros",
	"-include-pch",
	"-isystem",
	"-isystem-after",
	"-iquote",
	"-idirafter",
	"-iprefix",
	"-iwithprefix",
	"-iwithprefixbefore",
	"-isysroot",
	"-imultilib",
	"-Xlinker",
	"-Xassembler",
	"-Xpreprocessor",
	"-Xclang",
	"-Xanalyzer",
	"-mllvm",
	"-aux-info",
	"-dumpbase",
	"-dumpbase-ext",
	"-dumpdir",
	"-wrapper",
	"-specs",
	"-target",
	"-arch",
	"-gcc-toolchain",
	"-rpath",
	"-soname",
	"--param",
	"--sysroot",
	"--include",
	"--output",
	"--language",
	"--library-path",
	"--define-macro",
	"--undefine-macro",
	"--serialize-diagnostics",
};

// Prefixes of options that make the compiler print about itself, whatever else is given.
static const char *const questions[] = {
	"--version",     "-dumpversion", "-dumpfullversion", "-dumpmachine", "-dumpspecs",
	"--target-help", "-print-",      "--print-",         "--help",
};

static const char *const stops[] = {
	"-c",        "-S",         "-E",           "-M",        "-MM",       "-r", "-fsyntax-only",
	"--compile", "--assemble", "--preprocess", "-emit-ast", "--analyze",
};

static const struct {
	const char *ending;
	enum cc_language language;
} endings[] = {
	{ "c", CC_C },         { "i", CC_PREPROCESSED }, { "h", CC_HEADER },
	{ "s", CC_ASSEMBLER }, { "S", CC_ASSEMBLER },    { "sx", CC_ASSEMBLER },
	{ "m", CC_ASSEMBLER }, { "f", CC_ASSEMBLER },    { "cc", CC_CXX },
	{ "cp", CC_CXX },      { "cxx", CC_CXX },        { "cpp", CC_CXX },
	{ "CPP", CC_CXX },     { "c++", CC_CXX },        { "C", CC_CXX },
	{ "ii", CC_CXX },      { "hh", CC_CXX },         { "H", CC_CXX },
	{ "hpp", CC_CXX },     { "hxx", CC_CXX },
};

static const struct {
	const char *name;
	enum cc_language language;
} languages[] = {
	{ "none", CC_NO_INPUT },      { "c", CC_C },     { "cpp-output", CC_PREPROCESSED },
	{ "c-header", CC_HEADER },    { "c++", CC_CXX }, { "c++-header", CC_CXX },
	{ "c++-cpp-output", CC_CXX },
};

static bool is_any(const char *word, const char *const *table, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(word, table[i]))
			return true;
	return false;
}

static bool is_question(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(questions); i++)
		if (!strncmp(word, questions[i], strlen(questions[i])))
			return true;
	return false;
}

static enum cc_language language_of_file(const char *name)
{
	const char *dot = strrchr(fs_base(name), '.');

	if (!strcmp(name, "-")) // stdin, which only -E takes without -x
		return CC_C;
	for (size_t i = 0; dot && i < ARRAY_SIZE(endings); i++)
		if (!strcmp(dot + 1, endings[i].ending))
			return endings[i].language;
	return CC_LINKED;
}

static enum cc_language language_of_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(languages); i++)
		if (!strcmp(name, languages[i].name))
			return languages[i].language;
	return CC_ASSEMBLER;
}

static void take_option(struct cc_reader *r, struct cc_item *item)
{
	if (!strcmp(item->word, "--"))
		r->inputs_only = true;
	if (is_any(item->word, valued, ARRAY_SIZE(valued)) && r->next < r->args->nr) {
		item->value = r->args->items[r->next++];
		item->nr = 2;
	}
	if (!strncmp(item->word, "-x", 2) && (item->value || item->word[2]))
		r->forced = language_of_name(item->value ? item->value : item->word + 2);
}

bool cc_next(struct cc_reader *r, struct cc_item *item)
{
	if (r->next == r->args->nr)
		return false;
	*item = (struct cc_item){ .word = r->args->items[r->next], .at = r->next, .nr = 1 };
	r->next++;
	// A dash alone is an input: what comes in through stdin.
	if (!r->inputs_only && item->word[0] == '-' && item->word[1])
		take_option(r, item);
	else
		item->language = r->forced ? r->forced : language_of_file(item->word);
	return true;
}

struct cc_call cc_understand(const struct args *args)
{
	struct cc_call call = { .kind = CC_PROGRAM, .options = args->nr };
	struct cc_reader reader = { .args = args };
	bool stops_early = false, library = false, asks = false, inputs = false;
	struct cc_item item;

	while (cc_next(&reader, &item)) {
		inputs |= item.language != CC_NO_INPUT;
		call.preprocesses |= item.language == CC_C || item.language == CC_HEADER;
		call.compiles |= call.preprocesses || item.language == CC_PREPROCESSED;
		stops_early |= item.language == CC_HEADER;
		if (item.language == CC_CXX && !call.cxx)
			call.cxx = item.word;
		if (item.language)
			continue;
		if (!strcmp(item.word, "--"))
			call.options = item.at;
		asks |= is_question(item.word);
		library |= !strcmp(item.word, "-shared") || !strcmp(item.word, "--shared");
		stops_early |= is_any(item.word, stops, ARRAY_SIZE(stops));
	}
	// -lfoo alone would link too, but is not meant to make a program.
	if (asks || !inputs)
		call.kind = CC_QUESTION;
	else if (stops_early)
		call.kind = CC_OBJECTS;
	else if (library)
		call.kind = CC_LIBRARY;
	return call;
}
