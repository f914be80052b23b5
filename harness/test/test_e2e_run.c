/*
 * racegate checking programs and running them, as its users have it do, on
 * folders of its own. Where chance has a part it is worked out beside the number
 * of runs: a false failure stays below one in a million. Nothing is timed.
 */
#include "base/fs.h"
#include "base/mem.h"
#include "test/call.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void what_does_not_compile_stops_nobody(void)
{
	struct call c;
	json_t *report, *printed;

	call_begin(&c);
	scratch_write(c.dir, "bad.c", "int main(void) { return no_such_name; }\n");
	scratch_write(c.dir, "good.c", says_ok_c);
	CALL(&c, "check", "bad.c", "good.c", "--tool", "native", "--runs", "2", "--out", "s",
	     "--json");
	exits(&c, 3);
	report = report_of(&c, "s");
	printed = json_of(c.out);
	CU_ASSERT_TRUE(json_equal(report, printed));
	verdict_is(report, "bad.c", "native", "error", "build-failed");
	CHECK_HAS(
		json_string_value(json_object_get(cell_of(report, "bad.c", "native"), "build_log")),
		"no_such_name");
	verdict_is(report, "good.c", "native", "pass", "clean in 2 runs");
	CHECK_NUMBER(number_of(cell_of(report, "bad.c", "native"), "runs"), 0);
	json_decref(report);
	json_decref(printed);
	call_end(&c);
}

// A PATH with everything that the harness calls except valgrind.
static char *path_without_valgrind(const struct call *c)
{
	static const char *const names[] = {
		"gcc", "clang", "as", "ld", "git", "diff", "sh", "env"
	};
	char *bin = xasprintf("%s/bin", c->dir);
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL_FATAL(fs_mkdirs(bin, &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *from = xasprintf("/usr/bin/%s", names[i]),
		     *to = xasprintf("%s/%s", bin, names[i]);

		CU_ASSERT_EQUAL(symlink(from, to), 0);
		free(from);
		free(to);
	}
	return bin;
}

static void a_missing_tool_is_never_a_pass(void)
{
	const char *env[512];
	size_t nr = 0;
	struct call c;
	char *bin, *path;
	json_t *report;

	call_begin(&c);
	bin = path_without_valgrind(&c);
	path = xasprintf("PATH=%s", bin);
	for (char **e = environ; *e && nr < ARRAY_SIZE(env) - 2; e++)
		if (strncmp(*e, "PATH=", 5) != 0)
			env[nr++] = *e;
	env[nr++] = path;
	env[nr] = NULL;
	scratch_write(c.dir, "clean.c", clean_c);
	call_with(&c, env,
		  (const char *const[]){ "check", "clean.c", "--tool", "native,helgrind", "--runs",
					 "2", "--out", "s", NULL });
	exits(&c, 3);
	CHECK_HAS(c.err, "tool-unavailable helgrind");
	report = report_of(&c, "s");
	verdict_is(report, "clean.c", "helgrind", "error",
		   "tool-unavailable: valgrind is not installed");
	verdict_is(report, "clean.c", "native", "pass", "clean");
	json_decref(report);
	call_with(&c, env, (const char *const[]){ "doctor", NULL });
	exits(&c, 3);
	CHECK_HAS(c.out, "apt-get install valgrind");
	free(path);
	free(bin);
	call_end(&c);
}

/*
 * TSan misses a plain race about once in 1000 runs: none of 3 sees it once in
 * 10^9. Helgrind does not depend on the schedule here.
 */
static void a_case_of_the_catalogue_passes(void)
{
	struct call c;
	json_t *report;

	call_begin(&c);
	CALL(&c, "check", "account-balance", "--tool", "tsan,helgrind", "--runs", "3", "--out", "s",
	     "--quiet");
	exits(&c, 0);
	CHECK_TEXT(c.err, "");
	CHECK_HAS(c.out, "4 pass, 0 fail;");
	report = report_of(&c, "s");
	for (int i = 0; i < 2; i++) {
		const char *tool = i ? "helgrind" : "tsan";
		const json_t *racy = cell_of(report, "account-balance/racy", tool);
		const json_t *fixed = cell_of(report, "account-balance/fixed", tool);

		verdict_is(report, "account-balance/racy", tool, "pass", "of 3 runs");
		verdict_is(report, "account-balance/fixed", tool, "pass", "silent in 3 runs");
		CHECK_NUMBER(number_of(racy, "runs"), 3);
		CU_ASSERT(number_of(racy, "detected") > 0);
		CU_ASSERT(json_array_size(json_object_get(racy, "findings")) > 0);
		CHECK_NUMBER(number_of(fixed, "detected"), 0);
		CHECK_NUMBER(json_array_size(json_object_get(fixed, "findings")), 0);
	}
	const json_t *finding = json_array_get(json_object_get(report, "findings"), 0);

	CHECK_TEXT(json_string_value(json_object_get(finding, "kind")), "data-race");
	CHECK_HAS(json_string_value(json_object_get(finding, "title")), "deposit");
	CHECK_HAS(json_string_value(json_object_get(finding, "title")), "withdraw");
	json_decref(report);
	call_end(&c);
}

static void ones_own_clean_file_is_0_wherever_the_session_lies(void)
{
	// Signs that shells, globs, TSAN_OPTIONS and valgrind's file names take for something else.
	static const char session[] = "my session [1] a:b,c=d 100% \"x\"";
	struct call c;

	call_begin(&c);
	scratch_write(c.dir, "clean.c", clean_c);
	CALL(&c, "check", "clean.c", "--tool", "native,tsan,drd", "--runs", "1", "--out", session);
	exits(&c, 0);
	CHECK_HAS(c.out, "3 pass");
	call_end(&c);
}

// None of 3 TSan runs sees the race once in 10^9; DRD does not depend on the schedule here.
static void ones_own_racy_file_is_1(void)
{
	struct call c;
	char *racy = racy_c();
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "racy.c", racy);
	CALL(&c, "check", "racy.c", "--tool", "tsan,tsan-gcc,drd", "--runs", "3", "--out", "s");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "racy.c", "tsan", "fail", "findings in");
	verdict_is(report, "racy.c", "tsan-gcc", "fail", "findings in");
	verdict_is(report, "racy.c", "drd", "fail", "findings in 3 of 3");
	CHECK_NUMBER(json_array_size(json_object_get(report, "findings")), 1); // one bug, one entry
	CHECK_HAS(c.out, "add (racy.c:");
	json_decref(report);
	free(racy);
	call_end(&c);
}

// Process ids of runs that follow each other differ: divergence without any luck.
static void outcomes_that_differ_are_1(void)
{
	struct call c;
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "pid.c",
		      "#include <stdio.h>\n#include <unistd.h>\nint main(void) { printf(\"%d\", "
		      "getpid()); }\n");
	CALL(&c, "check", "pid.c", "--tool", "native", "--runs", "4", "--out", "s");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "pid.c", "native", "fail", "divergence: 4 different outcomes in 4 runs");
	json_decref(report);
	call_end(&c);
}

static void a_hang_and_a_crash_are_1(void)
{
	struct call c;
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "stuck.c",
		      "#include <pthread.h>\nint main(void)\n{\n"
		      "\tpthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n"
		      "\tpthread_mutex_lock(&m);\n\treturn pthread_mutex_lock(&m);\n}\n");
	scratch_write(c.dir, "crash.c", "#include <stdlib.h>\nint main(void) { abort(); }\n");
	CALL(&c, "check", "stuck.c", "crash.c", "--tool", "native", "--runs", "2", "--out", "s");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "stuck.c", "native", "fail", "findings in 2 of 2");
	verdict_is(report, "crash.c", "native", "fail", "findings in 2 of 2");
	CHECK_HAS(c.out, "[hang]");
	CHECK_HAS(c.out, "[signal SIGABRT]");
	json_decref(report);
	call_end(&c);
}

static void build_program(const struct call *c, const char *source, const char *name,
			  const char *flag)
{
	char *from = xasprintf("%s/%s", c->dir, source), *to = xasprintf("%s/%s", c->dir, name);
	const char *const argv[] = { "gcc", "-g", "-O1", "-pthread", flag, "-o", to, from, NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err err = ERR_INIT;
	int status = -1;

	spec.argv = argv;
	CU_ASSERT_EQUAL_FATAL(child_capture(&spec, 300000, &output, &status, &err), 0);
	CHECK_NUMBER(status, 0);
	strbuf_release(&output);
	free(from);
	free(to);
}

static void a_program_that_somebody_else_built_is_run(void)
{
	struct call c;
	char *racy = racy_c();
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "racy.c", racy);
	build_program(&c, "racy.c", "plain", "-Wall");
	CALL(&c, "run", "--tool", "native,helgrind", "--runs", "2", "--out", "s", "--", "./plain",
	     "arg");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "./plain", "helgrind", "fail", "findings in 2 of 2");
	CU_ASSERT_PTR_NULL(cell_of(report, "./plain", "tsan"));
	CHECK_NUMBER(number_of(cell_of(report, "./plain", "native"), "runs"), 2);
	CHECK_HAS(c.out, "add (racy.c:");
	json_decref(report);
	free(racy);
	call_end(&c);
}

// None of 3 TSan runs sees the race once in 10^9.
static void a_program_built_with_tsan_is_run_under_tsan_alone(void)
{
	struct call c;
	char *racy = racy_c();
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "racy.c", racy);
	build_program(&c, "racy.c", "sanitized", "-fsanitize=thread");
	CALL(&c, "run", "--runs", "3", "--out", "s", "--", "./sanitized");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "./sanitized", "tsan", "fail", "findings in");
	CU_ASSERT_PTR_NULL(cell_of(report, "./sanitized", "native"));
	CU_ASSERT_PTR_NULL(cell_of(report, "./sanitized", "helgrind"));
	CHECK_HAS(c.out, "add (racy.c:");
	json_decref(report);
	free(racy);
	call_end(&c);
}

static void sources_are_found_whatever_they_are_called(void)
{
	struct call c;

	call_begin(&c);
	scratch_write(c.dir, "my folder/log.c", says_ok_c);
	CALL(&c, "check", "my folder/log.c", "my folder/log.c", "--tool", "native,tsan,helgrind",
	     "--runs", "1", "--out", "s");
	exits(&c, 0);
	CHECK_HAS(c.out, "3 pass, 0 fail;");
	call_end(&c);
}

void suite_e2e_run(void)
{
	static const struct test_case cases[] = {
		{ "what does not compile stops nobody", what_does_not_compile_stops_nobody },
		{ "a missing tool is never a pass", a_missing_tool_is_never_a_pass },
		{ "a case of the catalogue passes", a_case_of_the_catalogue_passes },
		{ "one's own clean file is 0 wherever the session lies",
		  ones_own_clean_file_is_0_wherever_the_session_lies },
		{ "one's own racy file is 1", ones_own_racy_file_is_1 },
		{ "outcomes that differ are 1", outcomes_that_differ_are_1 },
		{ "a hang and a crash are 1", a_hang_and_a_crash_are_1 },
		{ "a program that somebody else built is run",
		  a_program_that_somebody_else_built_is_run },
		{ "a program built with TSan is run under TSan alone",
		  a_program_built_with_tsan_is_run_under_tsan_alone },
		{ "sources are found whatever they are called",
		  sources_are_found_whatever_they_are_called },
	};

	test_suite("e2e_run", cases, ARRAY_SIZE(cases));
}
