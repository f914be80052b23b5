// What outlives a run or a session, and calls of the system that fail for good.
#include "test/shell.h"

#include <stdio.h>
#include <string.h>

// Leaves a process of a session of its own that sleeps.
static const char leaver_c[] =
	"#include <stdio.h>\n#include <unistd.h>\n"
	"int main(void)\n{\n\tif (!fork()) {\n\t\tsetsid();\n\t\tfor (;;)\n\t\t\tpause();\n\t}\n"
	"\tputs(\"ok\");\n}\n";

static void processes_that_outlive_a_run_are_in_the_report(void)
{
	struct call c;
	json_t *report;
	const json_t *left;

	call_begin(&c);
	scratch_write(c.dir, "leaver.c", leaver_c);
	CALL(&c, "check", "leaver.c", "--tool", "native", "--runs", "3", "--out", "s");
	CHECK_HAS(c.out, "LEFT RUNNING  native after 3 of 3 runs, the first time leaver (ended "
			 "with");
	report = report_of(&c, "s");
	left = json_object_get(cell_of(report, "leaver.c", "native"), "left_running");
	CHECK_NUMBER(json_integer_value(json_object_get(left, "runs")), 3);
	CHECK_TEXT(json_string_value(json_object_get(left, "first")),
		   "leaver (ended with SIGKILL)");
	json_decref(report);
	call_end(&c);
}

static void a_session_folder_that_vanishes_is_3(void)
{
	struct call c;

	call_begin(&c);
	scratch_write(
		c.dir, "gone.c",
		"#include <stdlib.h>\nint main(void)\n{\n\treturn system(\"rm -rf s\");\n}\n");
	CALL(&c, "check", "gone.c", "--tool", "native", "--runs", "3", "--out", "s");
	exits(&c, 3);
	CHECK_HAS(c.err, "racegate: s");
	call_end(&c);
}

// A run of Valgrind that is killed cannot clean up: it has nothing to clean up.
static void valgrind_leaves_no_pipes(void)
{
	struct call c;
	char *out;

	call_begin(&c);
	scratch_write(
		c.dir, "busy.c",
		"#include <signal.h>\nint main(void)\n"
		"{\n\tsignal(SIGTERM, SIG_IGN);\n\tfor (volatile int i = 0;; i++)\n\t\t;\n}\n");
	CHECK_NUMBER(shell(&c,
			   "mkdir t; TMPDIR=$PWD/t $R check busy.c --tool helgrind --runs 1 "
			   "--timeout 0.2 --out s >&2; ls t | grep -c vgdb",
			   &out),
		     1);
	CHECK_HAS(out, "Session:");
	free(out);
	call_end(&c);
}

/*
 * Under strace each of these calls fails from some time on, as it may where a file system, a
 * kernel or a security module is broken. Whatever racegate says then, it says it.
 */
static void calls_that_fail_for_good_end_the_session(void)
{
	static const char *const faults[] = {
		"close:error=EIO:when=40+",  "close:error=EIO:when=250+",
		"poll:error=EINTR:when=15+", "wait4:error=ECHILD:when=5+",
		"wait4:error=EINTR:when=9+", "kill:error=EPERM:when=1+",
	};
	struct call c;

	call_begin(&c);
	if (shell(&c, "command -v strace", NULL)) {
		puts("skipped: strace is not installed");
		call_end(&c);
		return;
	}
	// Leaves one process behind and is slow to end itself, not in a loop that changes nothing.
	scratch_write(c.dir, "hang.c",
		      "#include <unistd.h>\nint main(void)\n"
		      "{\n\tif (!fork())\n\t\tpause();\n\tfor (volatile unsigned i = 0;; "
		      "i++)\n\t\t;\n}\n");
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		char *script =
			xasprintf("timeout -s KILL 100 strace -o trace -e inject=%s $R check "
				  "hang.c --tool native --runs 1 --timeout 0.2 --out s%zu\n"
				  "code=$?; grep -q INJECTED trace || exit 99; exit $code",
				  faults[i], i);

		CHECK_AT(faults[i], shell(&c, script, NULL) == 3);
		free(script);
		// One that may not be signalled lives on: it was started here.
		CHECK_NUMBER(shell(&c,
				   "for p in /proc/[0-9]*; do case $(readlink $p/exe) in "
				   "*/hang) tr '\\0' '\\n' <$p/environ | grep -q ^RACEGATE_RUN "
				   "&& kill -KILL ${p#/proc/};; esac; done; true",
				   NULL),
			     0);
	}
	call_end(&c);
}

void suite_e2e_left(void)
{
	static const struct test_case cases[] = {
		{ "processes that outlive a run are in the report",
		  processes_that_outlive_a_run_are_in_the_report },
		{ "a session folder that vanishes is 3", a_session_folder_that_vanishes_is_3 },
		{ "valgrind leaves no pipes", valgrind_leaves_no_pipes },
		{ "calls that fail for good end the session",
		  calls_that_fail_for_good_end_the_session },
	};

	test_suite("e2e_left", cases, ARRAY_SIZE(cases));
}
