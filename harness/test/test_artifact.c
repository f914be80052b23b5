// Building for a tool: made, kept, made anew when an input changed, complaints kept.
#include "base/child.h"
#include "base/fs.h"
#include "base/mem.h"
#include "build/artifact.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct yard {
	char *dir;
	struct home home;
	struct toolchain toolchain;
	struct target_list targets;
	struct artifact_list artifacts;
	struct err err;
};

static void begin(struct yard *y)
{
	*y = (struct yard){ .dir = scratch_make() };
	y->home.root = xstrdup(y->dir);
	y->home.build = xasprintf("%s/build", y->dir);
	y->toolchain.tools[TOOL_NATIVE].version = xstrdup("gcc of the day");
}

static void forget(struct yard *y)
{
	artifact_list_release(&y->artifacts);
	target_list_release(&y->targets);
}

static void end(struct yard *y)
{
	forget(y);
	toolchain_release(&y->toolchain);
	home_release(&y->home);
	scratch_drop(y->dir);
}

static struct target *add_source(struct yard *y, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", y->dir, name);
	struct target *target;

	if (text)
		scratch_write(y->dir, name, text);
	target = target_add_source(&y->targets, path);
	free(path);
	return target;
}

// Builds all targets plainly, with both builds of each.
static int build(struct yard *y)
{
	const struct build_options options = { .home = &y->home,
					       .toolchain = &y->toolchain,
					       .jobs = 2 };

	artifact_list_release(&y->artifacts);
	for (size_t i = 0; i < y->targets.nr; i++)
		artifact_add(&y->artifacts, &y->targets.items[i], TOOL_NATIVE);
	return artifact_build_all(&y->artifacts, &options, &y->err);
}

// What the program prints.
static void prints(const char *program, const char *text)
{
	const char *const argv[] = { program, NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err err = ERR_INIT;
	int status;

	spec.argv = argv;
	CHECK_AT(err.text, program && !child_capture(&spec, 60000, &output, &status, &err));
	CHECK_TEXT_AT("output", output.buf, text);
	strbuf_release(&output);
}

static bool all_cached(const struct yard *y, bool cached)
{
	for (size_t i = 0; i < y->artifacts.nr; i++)
		if (y->artifacts.items[i].cached != cached ||
		    y->artifacts.items[i].state != ARTIFACT_READY)
			return false;
	return y->artifacts.nr > 0;
}

#define SAYS(text) "#include <stdio.h>\nint main(void) { puts(\"" text "\"); return 0; }\n"

static void a_source_is_built_once_and_then_kept(void)
{
	struct yard y;

	begin(&y);
	add_source(&y, "a.c", SAYS("one"));
	CU_ASSERT_EQUAL_FATAL(build(&y), 0);
	CHECK_NUMBER(y.artifacts.nr, 2);
	CU_ASSERT_TRUE(all_cached(&y, false));
	prints(y.artifacts.items[0].program, "one\n");
	prints(y.artifacts.items[1].program, "one\n");
	CHECK_AT("two builds",
		 strcmp(y.artifacts.items[0].program, y.artifacts.items[1].program) != 0);
	CHECK_NUMBER(build(&y), 0);
	CU_ASSERT_TRUE(all_cached(&y, true));
	prints(y.artifacts.items[0].program, "one\n");
	end(&y);
}

static void a_changed_source_or_header_is_built_anew(void)
{
	struct yard y;

	begin(&y);
	scratch_write(y.dir, "text.h", "#define TEXT \"one\"\n");
	add_source(&y, "a.c",
		   "#include \"text.h\"\n#include <stdio.h>\nint main(void) { puts(TEXT); }\n");
	CU_ASSERT_EQUAL_FATAL(build(&y), 0);
	prints(y.artifacts.items[0].program, "one\n");
	scratch_write(y.dir, "text.h", "#define TEXT \"two\"\n");
	CHECK_NUMBER(build(&y), 0);
	CU_ASSERT_TRUE(all_cached(&y, false));
	prints(y.artifacts.items[0].program, "two\n");
	scratch_write(y.dir, "a.c", SAYS("three"));
	CHECK_NUMBER(build(&y), 0);
	CU_ASSERT_TRUE(all_cached(&y, false));
	prints(y.artifacts.items[1].program, "three\n");
	CHECK_NUMBER(build(&y), 0);
	CU_ASSERT_TRUE(all_cached(&y, true));
	end(&y);
}

static void another_compiler_or_other_flags_build_anew(void)
{
	struct yard y;

	begin(&y);
	add_source(&y, "a.c",
		   "#include <stdio.h>\n#ifndef T\n#define T 1\n#endif\nint main(void) { "
		   "printf(\"%d\", T); }\n");
	CU_ASSERT_EQUAL_FATAL(build(&y), 0);
	free(y.toolchain.tools[TOOL_NATIVE].version);
	y.toolchain.tools[TOOL_NATIVE].version = xstrdup("gcc of another day");
	CHECK_NUMBER(build(&y), 0);
	CU_ASSERT_TRUE(all_cached(&y, false));
	y.targets.items[0].cflags = "  -DT=7  -Wall ";
	CHECK_NUMBER(build(&y), 0);
	CU_ASSERT_TRUE(all_cached(&y, false));
	prints(y.artifacts.items[0].program, "7");
	y.targets.items[0].ldflags = "-lm";
	CHECK_NUMBER(build(&y), 0);
	CU_ASSERT_TRUE(all_cached(&y, false));
	end(&y);
}

static void a_build_that_fails_keeps_the_compilers_words_and_stops_nobody(void)
{
	struct yard y;

	begin(&y);
	add_source(&y, "bad.c", "int main(void) { return missing_thing; }\n");
	add_source(&y, "good.c", SAYS("fine"));
	add_source(&y, "gone.c", NULL);
	CU_ASSERT_EQUAL_FATAL(build(&y), 0);
	for (int i = 0; i < 2; i++) {
		CHECK_NUMBER(y.artifacts.items[i].state, ARTIFACT_FAILED);
		CU_ASSERT_PTR_NULL(y.artifacts.items[i].program);
		CHECK_HAS(y.artifacts.items[i].log, "missing_thing");
		CHECK_NUMBER(y.artifacts.items[2 + i].state, ARTIFACT_READY);
		CHECK_NUMBER(y.artifacts.items[4 + i].state, ARTIFACT_FAILED);
		CHECK_HAS(y.artifacts.items[4 + i].log, "gone.c");
	}
	prints(y.artifacts.items[2].program, "fine\n");
	// It is tried again, and mended it is built.
	CHECK_NUMBER(build(&y), 0);
	CHECK_HAS(y.artifacts.items[0].log, "missing_thing");
	scratch_write(y.dir, "bad.c", SAYS("mended"));
	CHECK_NUMBER(build(&y), 0);
	prints(y.artifacts.items[0].program, "mended\n");
	end(&y);
}

static void a_damaged_entry_is_built_anew(void)
{
	struct yard y;
	char *program;

	begin(&y);
	add_source(&y, "a.c", SAYS("one"));
	CU_ASSERT_EQUAL_FATAL(build(&y), 0);
	program = xstrdup(y.artifacts.items[0].program);
	CHECK_NUMBER(unlink(program), 0);
	CHECK_NUMBER(build(&y), 0);
	CHECK_NUMBER(y.artifacts.items[0].cached, false);
	CHECK_NUMBER(y.artifacts.items[1].cached, true);
	prints(y.artifacts.items[0].program, "one\n");
	free(program);
	end(&y);
}

static void no_name_of_a_source_is_in_the_way(void)
{
	static const char *const names[] = { "log.c", "deps.c", "inputs.c", ".hidden.c", "a.b.c" };
	struct yard y;

	begin(&y);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add_source(&y, names[i], SAYS("here"));
	CHECK_NUMBER(build(&y), 0);
	CHECK_TEXT(y.err.text, "");
	for (size_t i = 0; i < y.artifacts.nr; i++) {
		CHECK_AT(names[i / 2], y.artifacts.items[i].state == ARTIFACT_READY);
		prints(y.artifacts.items[i].program, "here\n");
	}
	CHECK_NUMBER(build(&y), 0);
	CU_ASSERT_TRUE(all_cached(&y, true));
	end(&y);
}

static void paths_may_have_blanks_and_signs(void)
{
	static const char *const names[] = { "my file.c", "a folder/b.c", "c#1.c",
					     "d$x.c",     "e[1].c",       "f:g.c" };
	struct yard y;

	begin(&y);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		add_source(&y, names[i], SAYS("here"));
	CHECK_NUMBER(build(&y), 0);
	CHECK_TEXT(y.err.text, "");
	CHECK_NUMBER(build(&y), 0);
	CU_ASSERT_TRUE(all_cached(&y, true));
	scratch_write(y.dir, "my file.c", SAYS("changed"));
	CHECK_NUMBER(build(&y), 0);
	prints(y.artifacts.items[0].program, "changed\n");
	end(&y);
}

static void the_same_source_twice_is_built(void)
{
	struct yard y;

	begin(&y);
	add_source(&y, "a.c", SAYS("one"));
	add_source(&y, "a.c", NULL);
	CHECK_NUMBER(build(&y), 0);
	CHECK_TEXT(y.err.text, "");
	for (size_t i = 0; i < y.artifacts.nr; i++)
		prints(y.artifacts.items[i].program, "one\n");
	end(&y);
}

static void several_racegates_share_a_cache(void)
{
	struct yard y;
	pid_t children[4];
	int status;

	begin(&y);
	for (int i = 0; i < 6; i++) {
		char name[16];

		snprintf(name, sizeof(name), "p%d.c", i);
		add_source(&y, name, SAYS("shared"));
	}
	for (size_t i = 0; i < ARRAY_SIZE(children); i++) {
		children[i] = fork();
		if (!children[i])
			_exit(build(&y) ? 1 : 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(children); i++) {
		CU_ASSERT_EQUAL(waitpid(children[i], &status, 0), children[i]);
		CHECK_NUMBER(status, 0);
	}
	CHECK_NUMBER(build(&y), 0);
	CU_ASSERT_TRUE(all_cached(&y, true));
	prints(y.artifacts.items[11].program, "shared\n");
	end(&y);
}

static void a_program_built_elsewhere_is_its_own_artifact(void)
{
	static const char *const argv[] = { "/bin/true", "x", NULL };
	struct yard y;

	begin(&y);
	target_add_program(&y.targets, argv);
	CHECK_NUMBER(build(&y), 0);
	CHECK_NUMBER(y.artifacts.nr, 1);
	CHECK_NUMBER(y.artifacts.items[0].state, ARTIFACT_READY);
	CHECK_TEXT(y.artifacts.items[0].program, "/bin/true");
	end(&y);
}

static void count(void *ctx, size_t done, size_t all)
{
	size_t *last = ctx;

	CU_ASSERT(done >= *last && done <= all);
	*last = done;
}

static void progress_goes_up_to_all(void)
{
	struct build_options options = { .jobs = 3, .progress = count };
	size_t last = 0;
	struct yard y;

	begin(&y);
	add_source(&y, "a.c", SAYS("one"));
	add_source(&y, "b.c", "no C\n");
	options.home = &y.home;
	options.toolchain = &y.toolchain;
	options.ctx = &last;
	for (size_t i = 0; i < y.targets.nr; i++)
		artifact_add(&y.artifacts, &y.targets.items[i], TOOL_NATIVE);
	CHECK_NUMBER(artifact_build_all(&y.artifacts, &options, &y.err), 0);
	CHECK_NUMBER(last, 4);
	end(&y);
}

static void a_compiler_that_is_not_there_is_an_error_not_a_failed_build(void)
{
	char *path = xstrdup(getenv("PATH"));
	struct yard y;

	begin(&y);
	add_source(&y, "a.c", SAYS("one"));
	setenv("PATH", y.dir, 1);
	CHECK_NUMBER(build(&y), -1);
	setenv("PATH", path, 1);
	CHECK_NUMBER(y.err.class, ERR_HARNESS);
	CHECK_HAS(y.err.text, "gcc: cannot start");
	free(path);
	end(&y);
}

// A program prints its __FILE__: what the compiler makes of the path.
static void a_neighbour_with_a_longer_name_keeps_its_own(void)
{
	static const char text[] = "#include <stdio.h>\nint main(void) { puts(__FILE__); }\n";
	struct yard y;
	char *root, *line;

	begin(&y);
	root = xasprintf("%s/root", y.dir);
	free(y.home.root);
	y.home.root = xstrdup(root);
	CHECK_NUMBER(fs_mkdirs(root, &y.err), 0);
	line = xasprintf("%s-2", root);
	CHECK_NUMBER(fs_mkdirs(line, &y.err), 0);
	free(line);
	add_source(&y, "root/own.c", text);
	add_source(&y, "root-2/own.c", text);
	CHECK_NUMBER(build(&y), 0);
	prints(y.artifacts.items[0].program, "./own.c\n");
	line = xasprintf("%s-2/own.c\n", root);
	prints(y.artifacts.items[2].program, line);
	free(line);
	free(root);
	end(&y);
}

void suite_artifact(void)
{
	static const struct test_case cases[] = {
		{ "a neighbour with a longer name keeps its own",
		  a_neighbour_with_a_longer_name_keeps_its_own },
		{ "a source is built once and then kept", a_source_is_built_once_and_then_kept },
		{ "a changed source or header is built anew",
		  a_changed_source_or_header_is_built_anew },
		{ "another compiler or other flags build anew",
		  another_compiler_or_other_flags_build_anew },
		{ "a build that fails keeps the compiler's words and stops nobody",
		  a_build_that_fails_keeps_the_compilers_words_and_stops_nobody },
		{ "a damaged entry is built anew", a_damaged_entry_is_built_anew },
		{ "no name of a source is in the way", no_name_of_a_source_is_in_the_way },
		{ "paths may have blanks and signs", paths_may_have_blanks_and_signs },
		{ "the same source twice is built", the_same_source_twice_is_built },
		{ "several racegates share a cache", several_racegates_share_a_cache },
		{ "a program built elsewhere is its own artifact",
		  a_program_built_elsewhere_is_its_own_artifact },
		{ "progress goes up to all", progress_goes_up_to_all },
		{ "a compiler that is not there is an error, not a failed build",
		  a_compiler_that_is_not_there_is_an_error_not_a_failed_build },
	};

	test_suite("artifact", cases, ARRAY_SIZE(cases));
}
