// The files of a new case: names, what is written, what is never touched, the template itself.
#include "base/child.h"
#include "base/fs.h"
#include "base/mem.h"
#include "catalog/testcase.h"
#include "cli/scaffold.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEMPLATE   "harness/cli/template"
#define START_LINE "cases/include/start_line.h"

static void names_are_two_plain_words(void)
{
	static const char *const good[] = { "queues/ring-buffer", "a/b", "f2/3-cups", "x9/9x" };
	static const char *const bad[] = {
		"",      "queues",      "queues/",      "/case", "a/b/c",       "A/b",
		"a/B",   "a/b_c",       "a/b.c",        "../x",  "a/..",        "a b/c",
		"-a/b",  "a/-b",        "a-/b",         "a/b-",  "a//b",        "/a/b",
		"a/b\n", "f\xc3\xa4/x", "include/case", "a/b/",  "a/b\xc3\xa4", "./a",
	};

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct err err = ERR_INIT;

		CHECK_AT(good[i], !scaffold_check_name(good[i], &err));
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err err = ERR_INIT;

		CHECK_AT(bad[i], scaffold_check_name(bad[i], &err) == -1);
		CHECK_AT(bad[i], err.class == ERR_INPUT && strstr(err.text, bad[i]));
	}
}

static int make(const char *dir, const char *name, struct err *err)
{
	char *root = xasprintf("%s/cases", dir);
	int rc;

	*err = (struct err)ERR_INIT;
	rc = scaffold_case(root, name, TEMPLATE, START_LINE, err);
	free(root);
	return rc;
}

// A warning of either compiler would be the first thing that a new author sees.
static void check_compiles(const char *compiler, const char *source)
{
	const char *const argv[] = { compiler,     "-std=c17",      "-Wall",   "-Wextra",
				     "-Wpedantic", "-Wshadow",      "-Werror", "-O2",
				     "-pthread",   "-fsyntax-only", source,    NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf said = STRBUF_INIT;
	struct err err = ERR_INIT;
	int status = -1;

	spec.argv = argv;
	CU_ASSERT_EQUAL(child_capture(&spec, 60000, &said, &status, &err), 0);
	CHECK_TEXT_AT(compiler, said.buf, "");
	CHECK_AT(compiler, WIFEXITED(status) && !WEXITSTATUS(status));
	strbuf_release(&said);
}

static void a_new_case_loads_and_compiles(void)
{
	char *dir = scratch_make(), *path = xasprintf("%s/cases/queues/ring-2", dir);
	struct testcase tc;
	struct err err;

	CU_ASSERT_EQUAL_FATAL(make(dir, "queues/ring-2", &err), 0);
	CU_ASSERT_EQUAL_FATAL(testcase_load(path, &tc, &err), 0);
	CHECK_TEXT(tc.id, "queues/ring-2");
	CU_ASSERT(tc.marks.nr >= 2);
	for (int v = 0; v < VARIANT_NR; v++) {
		char *source = testcase_source(&tc, (enum variant)v);

		check_compiles("gcc", source);
		free(source);
	}
	for (int t = 0; t < TOOL_NR; t++) {
		enum answer racy = tc.expect[VARIANT_RACY][t].answer;

		CU_ASSERT(racy == ANSWER_DETECTS || racy == ANSWER_DIVERGES);
		CU_ASSERT_EQUAL(tc.expect[VARIANT_FIXED][t].answer, ANSWER_SILENT);
	}
	testcase_release(&tc);
	free(path);
	scratch_drop(dir);
}

// The part of a source behind its top comment.
static char *body(const char *dir, const char *name)
{
	char *text = scratch_read(dir, name), *rest = strstr(text, "*/\n"), *copy;

	CU_ASSERT_PTR_NOT_NULL_FATAL(rest);
	copy = xstrdup(rest);
	free(text);
	return copy;
}

static void the_templates_fix_is_a_lock_and_nothing_else(void)
{
	char *racy = body(TEMPLATE, "racy.c"), *fixed = body(TEMPLATE, "fixed.c"), *rest, *line;
	const char *at = racy;
	size_t added = 0;

	// Every line of the fix stands in racy.c, in order, but for its marks; or is about the
	// lock.
	for (line = strtok_r(fixed, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *found = strstr(at, line);

		if (strstr(line, "book_lock"))
			added++;
		else if (!found)
			CHECK_AT(line, false);
		else
			at = found + strlen(line);
	}
	CHECK_NUMBER(added, 3);
	free(racy);
	free(fixed);
}

static void what_is_there_is_never_overwritten(void)
{
	static const char *const files[] = { "case.yaml", "racy.c", "fixed.c" };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *dir = scratch_make(), *name = xasprintf("cases/f/c/%s", files[i]), *text;
		struct err err;

		scratch_write(dir, name, "mine");
		CHECK_AT(files[i], make(dir, "f/c", &err) == -1);
		CHECK_AT(files[i], err.class == ERR_INPUT);
		CHECK_HAS(err.text, name);
		text = scratch_read(dir, name);
		CHECK_TEXT(text, "mine");
		for (size_t k = 0; k < ARRAY_SIZE(files); k++) {
			char *other = xasprintf("%s/cases/f/c/%s", dir, files[k]);

			CHECK_AT(other, fs_is_file(other) == (k == i));
			free(other);
		}
		free(text);
		free(name);
		scratch_drop(dir);
	}
}

static void links_and_files_in_the_way_are_left_alone(void)
{
	char *dir = scratch_make(), *link = xasprintf("%s/cases/f/c/racy.c", dir);
	char *aim = xasprintf("%s/elsewhere", dir);
	struct err err;

	scratch_write(dir, "cases/f/c/notes", "mine");
	CU_ASSERT_EQUAL_FATAL(symlink(aim, link), 0);
	CU_ASSERT_EQUAL(make(dir, "f/c", &err), -1);
	CU_ASSERT(!fs_is_file(aim));
	CU_ASSERT_EQUAL_FATAL(unlink(link), 0);
	CU_ASSERT_EQUAL(make(dir, "f/c", &err), 0); // notes are in nobody's way
	scratch_write(dir, "cases/f/file", "mine");
	CU_ASSERT_EQUAL(make(dir, "f/file", &err), -1);
	CHECK_NUMBER(err.class, ERR_INPUT);
	CHECK_HAS(err.text, "cases/f/file");
	free(link);
	free(aim);
	scratch_drop(dir);
}

static void ones_own_start_line_is_kept(void)
{
	char *dir = scratch_make(), *text;
	struct err err;

	CU_ASSERT_EQUAL(make(dir, "f/a", &err), 0);
	text = scratch_read(dir, "cases/include/start_line.h");
	CHECK_HAS(text, "start_line_wait");
	free(text);
	scratch_write(dir, "cases/include/start_line.h", "mine");
	CU_ASSERT_EQUAL(make(dir, "f/b", &err), 0);
	text = scratch_read(dir, "cases/include/start_line.h");
	CHECK_TEXT(text, "mine");
	free(text);
	scratch_drop(dir);
}

static void a_failure_leaves_nothing_half_done(void)
{
	char *dir = scratch_make(), *root = xasprintf("%s/cases", dir);
	char *template = xasprintf("%s/template", dir), *made = xasprintf("%s/f/c", root);
	struct err err = ERR_INIT;

	scratch_copy(TEMPLATE "/case.yaml", dir, "template/case.yaml"); // and no sources
	CU_ASSERT_EQUAL(scaffold_case(root, "f/c", template, START_LINE, &err), -1);
	CHECK_HAS(err.text, "template/racy.c");
	CU_ASSERT(!fs_is_dir(made));
	free(made);
	free(template);
	free(root);
	scratch_drop(dir);
}

void suite_scaffold(void)
{
	static const struct test_case cases[] = {
		{ "names are two plain words", names_are_two_plain_words },
		{ "a new case loads and compiles", a_new_case_loads_and_compiles },
		{ "the template's fix is a lock and nothing else",
		  the_templates_fix_is_a_lock_and_nothing_else },
		{ "what is there is never overwritten", what_is_there_is_never_overwritten },
		{ "links and files in the way are left alone",
		  links_and_files_in_the_way_are_left_alone },
		{ "one's own start line is kept", ones_own_start_line_is_kept },
		{ "a failure leaves nothing half done", a_failure_leaves_nothing_half_done },
	};

	test_suite("scaffold", cases, ARRAY_SIZE(cases));
}
