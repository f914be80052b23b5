// The rules of the tree: each finds what it is for in a tree that was made for it.
#include "base/child.h"
#include "base/mem.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

// What the rule says about the tree; "" when nothing.
static char *rule_says(const char *script, const char *tree)
{
	const char *const argv[] = { script, tree, NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err err = ERR_INIT;
	int status = -1;

	spec.argv = argv;
	CHECK_NUMBER(child_capture(&spec, 60000, &output, &status, &err), 0);
	CHECK_TEXT(err.text, "");
	CHECK_NUMBER(WIFEXITED(status) ? WEXITSTATUS(status) : -1, output.len ? 1 : 0);
	return strbuf_detach(&output);
}

static void says(const char *script, const char *tree, const char *what)
{
	char *said = rule_says(script, tree);

	CHECK_HAS(said, what);
	free(said);
}

static void is_content(const char *script, const char *tree)
{
	char *said = rule_says(script, tree);

	CHECK_TEXT(said, "");
	free(said);
}

static void a_stage_that_looks_to_its_right_is_found(void)
{
	char *tree = scratch_make();

	scratch_write(tree, "harness/judge/a.h", "\n");
	scratch_write(tree, "harness/report/a.c", "#include \"judge/a.h\"\n");
	is_content("ci/check-includes.sh", tree);
	scratch_write(tree, "harness/detect/b.c", "\n#include \"judge/a.h\"\n");
	says("ci/check-includes.sh", tree, "harness/detect/b.c:2: \"judge/a.h\"");
	scratch_drop(tree);
}

static void files_that_include_each_other_are_found(void)
{
	char *tree = scratch_make();

	scratch_write(tree, "harness/base/a.h", "\n");
	scratch_write(tree, "harness/base/b.h", "#include \"base/a.h\"\n");
	scratch_write(tree, "harness/base/c.h", "#include \"base/b.h\"\n");
	is_content("ci/check-circles.sh", tree);
	scratch_write(tree, "harness/base/a.c", "#include \"base/a.h\"\n#include \"base/c.h\"\n");
	says("ci/check-circles.sh", tree, "base/a -> base/c (include) -> base/b (include)");
	scratch_write(tree, "harness/rt/hb/x.h", "#include \"engine/y.h\"\n");
	scratch_write(tree, "harness/rt/engine/y.h", "\n");
	scratch_write(tree, "harness/rt/engine/y.c", "#include \"hb/x.h\"\n");
	says("ci/check-circles.sh", tree, "rt/engine/y includes rt/hb/x");
	scratch_drop(tree);
}

// Writes harness/NAME.c and compiles it to where make would.
static void compile(const char *tree, const char *folder, const char *name, const char *code)
{
	char *source = xasprintf("harness/%s.c", name), *path = xasprintf("%s/%s", tree, source),
	     *object = xasprintf("%s/build/%s%s.o", tree, folder, name);
	const char *const argv[] = { "gcc", "-c", path, "-o", object, NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err err = ERR_INIT;
	int status = -1;

	scratch_write(tree, source, code);
	spec.argv = argv;
	scratch_write(tree, object + strlen(tree) + 1, "");
	CHECK_NUMBER(child_capture(&spec, 60000, &output, &status, &err), 0);
	CHECK_NUMBER(status, 0);
	strbuf_release(&output);
	free(object);
	free(path);
	free(source);
}

static void files_that_call_each_other_are_found(void)
{
	char *tree = scratch_make();

	compile(tree, "obj/", "base/a",
		"void b(void);\nvoid a(void);\nvoid a(void)\n{\n\tb();\n}\n");
	compile(tree, "obj/", "base/b", "void b(void);\nvoid b(void)\n{\n}\n");
	compile(tree, "", "rt/hb/c",
		"void rt_d(void);\nvoid c(void);\nvoid c(void)\n{\n\trt_d();\n}\n");
	compile(tree, "", "rt/engine/d",
		"void c(void);\nvoid rt_d(void);\nvoid rt_d(void)\n{\n\tc();\n}\n");
	is_content("ci/check-circles.sh", tree); // c() is not the runtime's own
	compile(tree, "obj/", "base/b",
		"void a(void);\nvoid b(void);\nvoid b(void)\n{\n\ta();\n}\n");
	says("ci/check-circles.sh", tree, "base/a");
	scratch_drop(tree);
}

static void what_is_too_long_is_found(void)
{
	struct strbuf code = STRBUF_INIT;
	char *tree = scratch_make();

	strbuf_addstr(&code, "int f(void)\n{\n");
	for (int i = 0; i < 60; i++)
		strbuf_addstr(&code, "\t;\n");
	strbuf_addstr(&code, "}\n");
	scratch_write(tree, "harness/base/a.c", code.buf);
	is_content("ci/check-shape.sh", tree);
	strbuf_addstr(&code, "\nint g(void)\n{\n");
	for (int i = 0; i < 61; i++)
		strbuf_addstr(&code, "\t;\n");
	strbuf_addstr(&code, "}\n");
	scratch_write(tree, "harness/base/a.c", code.buf);
	says("ci/check-shape.sh", tree, "harness/base/a.c:66: a function of more than 60 lines");
	for (int i = 0; i < 450; i++)
		strbuf_addstr(&code, "\n");
	scratch_write(tree, "harness/base/a.c", code.buf);
	says("ci/check-shape.sh", tree, "harness/base/a.c:451: more than 450 lines");
	strbuf_release(&code);
	scratch_drop(tree);
}

static void a_static_that_many_files_have_is_found(void)
{
	char *tree = scratch_make();

	for (int i = 0; i < 4; i++) {
		char *name = xasprintf("harness/base/%d.c", i);

		scratch_write(tree, name,
			      "static int take(void);\n\nstatic int take(void)\n{\n}\n");
		if (i < 3)
			is_content("ci/check-shape.sh", tree);
		free(name);
	}
	says("ci/check-shape.sh", tree, "take(): a static of this name is in 4 files");
	scratch_drop(tree);
}

void suite_lint(void)
{
	static const struct test_case cases[] = {
		{ "a stage that looks to its right is found",
		  a_stage_that_looks_to_its_right_is_found },
		{ "files that include each other are found",
		  files_that_include_each_other_are_found },
		{ "files that call each other are found", files_that_call_each_other_are_found },
		{ "what is too long is found", what_is_too_long_is_found },
		{ "a static that many files have is found",
		  a_static_that_many_files_have_is_found },
	};

	test_suite("lint", cases, ARRAY_SIZE(cases));
}
