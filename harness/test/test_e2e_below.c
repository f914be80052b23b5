// What runs below a script, make or the like is looked at, or it is said that it was not.
#include "base/fs.h"
#include "base/mem.h"
#include "test/call.h"
#include "test/support.h"
#include "tool/system.h"

#include <stdlib.h>
#include <sys/stat.h>

static void programs_of_the_system_are_known(void)
{
	static const char *const known[] = { "/bin/sh", "/usr/bin/make", "/usr/bin/python3.11",
					     "/usr/bin/gcc-12" };
	static const char *const others[] = { "./make", "/home/me/sh", "/usr/bin/notepad",
					      "/usr/local/bin/make", "/nowhere" };
	char *dir = scratch_make(), *script = xasprintf("%s/run", dir), *sh = system_find("sh");

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		CHECK_AT(known[i], system_program(known[i]));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		CHECK_AT(others[i], !system_program(others[i]));
	scratch_write(dir, "run", "#! /bin/sh -e\ntrue\n");
	CU_ASSERT_TRUE(system_program(script));
	scratch_write(dir, "run", "#!./own\ntrue\n");
	CU_ASSERT_FALSE(system_program(script));
	CU_ASSERT_PTR_NOT_NULL(sh);
	CU_ASSERT_PTR_NULL(system_find("no-such-program-anywhere"));
	free(sh);
	free(script);
	scratch_drop(dir);
}

// DIR/NAME from `source` with this compiler and its flag.
static void make_program(const struct call *c, const char *source, const char *name,
			 const char *compiler, const char *flag)
{
	char *file = xasprintf("%s/%s.c", c->dir, name),
	     *program = xasprintf("%s/%s", c->dir, name);
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err err = ERR_INIT;
	char *bare = xasprintf("%s.c", name);
	int status = -1;

	scratch_write(c->dir, bare, source);
	spec.argv = (const char *const[]){ compiler, "-g", "-O0",   flag, "-pthread",
					   file,     "-o", program, NULL };
	CU_ASSERT_EQUAL_FATAL(child_capture(&spec, 300000, &output, &status, &err), 0);
	CHECK_TEXT_AT(name, output.buf, "");
	strbuf_release(&output);
	free(bare);
	free(file);
	free(program);
}

static void make_script(const struct call *c, const char *text)
{
	char *path = xasprintf("%s/run.sh", c->dir);

	scratch_write(c->dir, "run.sh", text);
	CU_ASSERT_EQUAL(chmod(path, 0755), 0);
	free(path);
}

static void check_below(struct call *c, const char *tool, int code, const char *status,
			const char *reason)
{
	json_t *report;

	CALL(c, "run", "--tool", tool, "--runs", "1", "--out", "s", "--", "./run.sh");
	exits(c, code);
	report = report_of(c, "s");
	verdict_is(report, "run.sh", tool, status, reason);
	json_decref(report);
}

// Helgrind and DRD do not depend on the schedule here.
static void a_race_below_a_script_is_found(void)
{
	static const char *const tools[] = { "helgrind", "drd" };
	char *racy = racy_c();

	for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
		struct call c;

		call_begin(&c);
		make_program(&c, racy, "racy", "gcc", "-w");
		make_program(&c, says_ok_c, "fine", "gcc", "-w");
		make_script(&c, "#!/bin/sh\n./fine && ./racy && sh -c ./racy\n");
		check_below(&c, tools[i], 1, "fail", "findings in 1 of 1 runs");
		CHECK_HAS(c.out, "(2 processes)");
		CHECK_HAS(c.out, "./fine");
		call_end(&c);
	}
	free(racy);
}

static void what_cannot_be_examined_is_no_pass(void)
{
	struct call c;

	call_begin(&c);
	make_program(&c, says_ok_c, "whole", "gcc", "-static");
	make_script(&c, "#!/bin/sh\n./whole\n");
	check_below(&c, "helgrind", 3, "inconclusive", "none of the programs could be examined");
	CALL(&c, "run", "--tool", "drd", "--runs", "1", "--out", "t", "--", "./whole");
	exits(&c, 3);
	CHECK_HAS(c.out, "./whole");
	make_script(&c, "#!/bin/sh\ntrue\n");
	CALL(&c, "run", "--tool", "helgrind", "--runs", "1", "--out", "u", "--", "./run.sh");
	exits(&c, 3);
	call_end(&c);
}

// TSan misses a plain race about once in 1000 runs: all of 6 processes once in 10^18.
static void what_contains_tsan_below_a_script_runs_under_tsan_alone(void)
{
	char *racy = racy_c();
	struct call c;
	json_t *report;

	call_begin(&c);
	make_program(&c, racy, "racy", "clang", "-fsanitize=thread");
	make_script(&c, "#!/bin/sh\n./racy; ./racy; exit 0\n");
	CALL(&c, "run", "--runs", "3", "--out", "s", "--", "./run.sh");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "run.sh", "tsan", "fail", "findings in");
	CU_ASSERT_PTR_NULL(cell_of(report, "run.sh", "helgrind"));
	CHECK_HAS(c.out, "racy (6 processes)");
	json_decref(report);
	free(racy);
	call_end(&c);
}

static void a_program_is_found_on_path(void)
{
	struct call c;

	call_begin(&c);
	CALL(&c, "run", "--tool", "native", "--runs", "1", "--out", "s", "--", "true");
	exits(&c, 0);
	CHECK_HAS(c.out, "/true");
	CHECK_HAS(c.out, "could not be observed");
	CALL(&c, "run", "--out", "t", "--", "no-such-program-anywhere");
	exits(&c, 2);
	CHECK_HAS(c.err, "no-such-program-anywhere: no such program on PATH");
	call_end(&c);
}

void suite_e2e_below(void)
{
	static const struct test_case cases[] = {
		{ "programs of the system are known", programs_of_the_system_are_known },
		{ "a race below a script is found", a_race_below_a_script_is_found },
		{ "what cannot be examined is no pass", what_cannot_be_examined_is_no_pass },
		{ "what contains TSan below a script runs under TSan alone",
		  what_contains_tsan_below_a_script_runs_under_tsan_alone },
		{ "a program is found on PATH", a_program_is_found_on_path },
	};

	test_suite("e2e_below", cases, ARRAY_SIZE(cases));
}
