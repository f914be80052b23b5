// The commands that the documentation shows exist, with their options; its links lead to files.
#include "base/fs.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "test/call.h"
#include "test/support.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

static size_t word_length(const char *at)
{
	return strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

// `text` has the word at `word`, not only as a part of a longer one.
static bool has_word(const char *text, const char *word)
{
	size_t len = word_length(word);

	for (const char *at = text; (at = strchr(at, *word)); at++)
		if (!strncmp(at, word, len) && word_length(at) == len)
			return true;
	return false;
}

static void check_word(const char *doc, const char *text, const char *command, const char *word)
{
	char *where = xasprintf("%s: %s %.*s: ", doc, command, (int)word_length(word), word);

	CHECK_AT(where, has_word(text, word));
	free(where);
}

// The options in the command at `at`, up to its end or the program's own arguments.
static void check_options(const char *doc, const char *help, const char *name, const char *at)
{
	for (; !strchr("`\n#", *at) && strncmp(at, " -- ", 4); at++)
		if (strchr(" [", *at) && !strncmp(at + 1, "--", 2))
			check_word(doc, help, name, at + 1);
}

// `at` begins a command in code: a line that is indented by four, or a part of one, or backticks.
static bool begins_command(const char *text, const char *at)
{
	return (at - text >= 5 && !strncmp(at - 5, "\n    ", 5)) ||
	       (at - text >= 3 && !strncmp(at - 3, "&& ", 3)) || (at > text && at[-1] == '`');
}

// Calls `check` with what follows each `program` that is shown in code.
static void each_command(const char *doc, const char *text, const char *program,
			 void (*check)(const char *doc, const char *at))
{
	for (const char *at = text; (at = strstr(at, program)); at++)
		if (begins_command(text, at))
			check(doc, at + strlen(program));
}

static void check_racegate(const char *doc, const char *at)
{
	char *name = xasprintf("%.*s", (int)word_length(at), at);
	struct call c;

	if (*name && *name != '-') {
		call_begin(&c);
		CALL(&c, name, "--help");
		CHECK_AT(name, c.code == 0);
		check_options(doc, c.out, name, at + strlen(name));
		call_end(&c);
	}
	free(name);
}

static void check_make(const char *doc, const char *at)
{
	char *makefile = scratch_read(".", "Makefile");
	char *target = xasprintf("\n%.*s:", (int)word_length(at), at);
	char *where = xasprintf("%s: make%s", doc, target);

	if (word_length(at))
		CHECK_AT(where, strstr(makefile, target) != NULL);
	free(where);
	free(target);
	free(makefile);
}

static void check_links(const char *doc, const char *text)
{
	int folder = (int)(fs_base(doc) - doc);

	for (const char *at = text; (at = strstr(at, "](")); at++) {
		char *path = xasprintf("%.*s%.*s", folder, doc, (int)strcspn(at + 2, ")#"), at + 2);

		if (!strstr(path, "://"))
			CHECK_AT(path, fs_is_file(path) || fs_is_dir(path));
		free(path);
	}
}

static void each_doc(void (*check)(const char *doc, const char *text))
{
	static const char *const patterns[] = { "*.md", "*/*.md", "harness/*/*.md" };
	glob_t docs;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++)
		glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &docs);
	CU_ASSERT(docs.gl_pathc >= 4);
	for (size_t i = 0; i < docs.gl_pathc; i++) {
		char *text = scratch_read(".", docs.gl_pathv[i]);

		check(docs.gl_pathv[i], text);
		free(text);
	}
	globfree(&docs);
}

static void check_commands(const char *doc, const char *text)
{
	each_command(doc, text, "racegate ", check_racegate);
	each_command(doc, text, "build/racegate ", check_racegate);
	each_command(doc, text, "make ", check_make);
}

static void commands_that_are_shown_exist(void)
{
	each_doc(check_commands);
}

static void links_lead_to_files(void)
{
	each_doc(check_links);
}

static void every_case_is_listed(void)
{
	char *text = scratch_read("cases", "README.md");
	glob_t cases;

	CU_ASSERT_FATAL(!glob("cases/*/*/case.yaml", 0, NULL, &cases));
	for (size_t i = 0; i < cases.gl_pathc; i++) {
		const char *path = cases.gl_pathv[i] + strlen("cases/");
		char *link = xasprintf("](%.*s)", (int)(fs_base(path) - path - 1), path);

		CHECK_HAS(text, link);
		free(link);
	}
	globfree(&cases);
	free(text);
}

void suite_docs(void)
{
	static const struct test_case cases[] = {
		{ "commands that are shown exist", commands_that_are_shown_exist },
		{ "links lead to files", links_lead_to_files },
		{ "every case is listed", every_case_is_listed },
	};

	test_suite("docs", cases, sizeof(cases) / sizeof(*cases));
}
