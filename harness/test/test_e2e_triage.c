/*
 * Right programs that some tool objects to pass, and their broken twins still fail. That
 * the tools object is no matter of chance: each schedule of these programs makes both
 * accesses, in different threads, and no lock is near.
 */
#include "base/mem.h"
#include "model/tool_id.h"
#include "test/call.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

// A value is handed over by a flag.
static const char handed_over_c[] =
	"#include <pthread.h>\n#include <sched.h>\n#include <stdatomic.h>\n#include <stdio.h>\n"
	"static int data;\nstatic atomic_int ready;\n"
	"static void *put(void *arg)\n{\n\tdata = 42;\n"
	"\tatomic_store_explicit(&ready, 1, memory_order_release);\n\treturn arg;\n}\n"
	"int main(void)\n{\n\tpthread_t t;\n\tpthread_create(&t, NULL, put, NULL);\n"
	"\twhile (!atomic_load_explicit(&ready, memory_order_acquire))\n\t\tsched_yield();\n"
	"\tprintf(\"%d\\n\", data);\n\tpthread_join(t, NULL);\n\treturn 0;\n}\n";

static const char c11_c[] =
	"#include <stdio.h>\n#include <threads.h>\nstatic mtx_t m;\nstatic int n;\n"
	"static int add(void *arg)\n{\n\t(void)arg;\n\tmtx_lock(&m);\n\tn++;\n"
	"\tmtx_unlock(&m);\n\treturn 0;\n}\n"
	"int main(void)\n{\n\tthrd_t t;\n\tmtx_init(&m, mtx_plain);\n"
	"\tthrd_create(&t, add, NULL);\n\tadd(NULL);\n\tthrd_join(t, NULL);\n"
	"\tprintf(\"%d\\n\", n);\n\treturn 0;\n}\n";

static const char main_leaves_c[] =
	"#include <pthread.h>\n#include <stdio.h>\n"
	"static void *say(void *arg)\n{\n\tputs(\"said\");\n\treturn arg;\n}\n"
	"int main(void)\n{\n\tpthread_t t;\n\tpthread_create(&t, NULL, say, NULL);\n"
	"\tpthread_detach(t);\n\tpthread_exit(NULL);\n}\n";

static const char forks_c[] =
	"#include <pthread.h>\n#include <semaphore.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
	"#include <sys/wait.h>\n#include <unistd.h>\nstatic sem_t ran;\n"
	"static void *run(void *arg)\n{\n\tsem_post(&ran);\n\treturn arg;\n}\n"
	"int main(void)\n{\n\tpthread_t t;\n\tint status = -1;\n\tsem_init(&ran, 0, 0);\n"
	"\tpthread_create(&t, NULL, run, NULL);\n\tsem_wait(&ran);\n"
	"\tpid_t child = fork();\n\tif (!child)\n\t\texit(3);\n\twaitpid(child, &status, 0);\n"
	"\tpthread_join(t, NULL);\n\tprintf(\"%d\\n\", WEXITSTATUS(status));\n\treturn 0;\n}\n";

// The grade of the only finding of that kind; "" when there is none.
static const char *grade_of(const json_t *report, const char *kind)
{
	const json_t *finding;
	size_t i;

	json_array_foreach (json_object_get(report, "findings"), i, finding)
		if (!strcmp(text_of(finding, "kind"), kind))
			return text_of(finding, "grade");
	return "";
}

static void every_finding_is(const json_t *report, const char *grade, const char *limitation)
{
	const json_t *findings = json_object_get(report, "findings"), *finding;
	size_t i;

	CU_ASSERT_TRUE(json_array_size(findings) > 0);
	json_array_foreach (findings, i, finding) {
		CHECK_TEXT(text_of(finding, "grade"), grade);
		CHECK_TEXT(text_of(finding, "limitation"), limitation);
	}
}

static void what_a_known_limitation_explains_is_listed_and_does_not_fail(void)
{
	struct call c;
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "right.c", handed_over_c);
	CALL(&c, "check", "right.c", "--tool", "helgrind,explore", "--runs", "1", "--out", "s");
	exits(&c, 0);
	CHECK_HAS(c.out, "disputed: ");
	report = report_of(&c, "s");
	every_finding_is(report, "disputed", "valgrind-atomics");
	CHECK_TEXT(text_of(json_object_get(cell_of(report, "right.c", "helgrind"), "verdict"),
			   "observed"),
		   "disputed");
	json_decref(report);
	CALL(&c, "report", "s");
	exits(&c, 0);
	CALL(&c, "report", "s", "--strict");
	exits(&c, 1);
	CALL(&c, "check", "right.c", "--tool", "helgrind,explore", "--runs", "1", "--strict",
	     "--out", "strict");
	exits(&c, 1);
	call_end(&c);
}

static void without_the_explorer_nothing_is_disputed(void)
{
	struct call c;
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "right.c", handed_over_c);
	CALL(&c, "check", "right.c", "--tool", "helgrind", "--runs", "1", "--out", "s");
	exits(&c, 1);
	report = report_of(&c, "s");
	every_finding_is(report, "reported", "");
	json_decref(report);
	call_end(&c);
}

static void the_broken_twin_still_fails(void)
{
	char *relaxed = text_replace(handed_over_c, "memory_order_release", "memory_order_relaxed");
	struct call c;
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "broken.c", relaxed);
	CALL(&c, "check", "broken.c", "--tool", "helgrind,explore", "--runs", "1", "--out", "s");
	exits(&c, 1);
	report = report_of(&c, "s");
	verdict_is(report, "broken.c", "helgrind", "fail", "findings in 1 of 1 runs");
	verdict_is(report, "broken.c", "explore", "fail", "findings in");
	CU_ASSERT_STRING_NOT_EQUAL(grade_of(report, "data-race"), "");
	json_decref(report);
	free(relaxed);
	call_end(&c);
}

static void a_tool_that_cannot_run_the_program_is_not_asked(void)
{
	struct call c;
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "c11.c", c11_c);
	CALL(&c, "check", "c11.c", "--tool", "native,tsan,drd", "--runs", "2", "--out", "s");
	exits(&c, 0);
	CHECK_HAS(c.out, "unsupported: ");
	report = report_of(&c, "s");
	CU_ASSERT_PTR_NULL(cell_of(report, "c11.c", "tsan"));
	CU_ASSERT_PTR_NULL(cell_of(report, "c11.c", "drd"));
	verdict_is(report, "c11.c", "native", "pass", "");
	json_decref(report);
	// Nothing else looked at it: that is not clean.
	CALL(&c, "check", "c11.c", "--tool", "tsan", "--runs", "2", "--out", "t");
	exits(&c, 4);
	call_end(&c);
}

static void a_program_whose_main_thread_leaves_ends_under_tsan(void)
{
	struct call c;
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "leaves.c", main_leaves_c);
	CALL(&c, "check", "leaves.c", "--tool", "tsan,tsan-gcc", "--runs", "2", "--out", "s");
	exits(&c, 0);
	report = report_of(&c, "s");
	CHECK_TEXT(text_of(json_array_get(
				   json_object_get(cell_of(report, "leaves.c", "tsan"), "outcomes"),
				   0),
			   "text"),
		   "said");
	json_decref(report);
	call_end(&c);
}

static void a_child_of_a_threaded_program_ends_as_it_says_under_tsan(void)
{
	struct call c;
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "forks.c", forks_c);
	CALL(&c, "check", "forks.c", "--tool", "tsan,tsan-gcc", "--runs", "3", "--out", "s");
	exits(&c, 0);
	report = report_of(&c, "s");
	CHECK_TEXT(text_of(json_array_get(json_object_get(cell_of(report, "forks.c", "tsan-gcc"),
							  "outcomes"),
					  0),
			   "text"),
		   "3");
	json_decref(report);
	call_end(&c);
}

static void doctor_says_what_each_tool_gets_wrong(void)
{
	struct call c;
	json_t *tools;

	call_begin(&c);
	CALL(&c, "doctor");
	CHECK_HAS(c.out, "valgrind-atomics");
	CHECK_HAS(c.out, "tsan-fences");
	CALL(&c, "doctor", "--json");
	tools = json_of(c.out);
	CU_ASSERT_TRUE(json_array_size(json_object_get(json_array_get(tools, TOOL_DRD),
						       "limitations")) > 0);
	json_decref(tools);
	call_end(&c);
}

void suite_e2e_triage(void)
{
	static const struct test_case cases[] = {
		{ "what a known limitation explains is listed and does not fail",
		  what_a_known_limitation_explains_is_listed_and_does_not_fail },
		{ "without the explorer nothing is disputed",
		  without_the_explorer_nothing_is_disputed },
		{ "the broken twin still fails", the_broken_twin_still_fails },
		{ "a tool that cannot run the program is not asked",
		  a_tool_that_cannot_run_the_program_is_not_asked },
		{ "a program whose main thread leaves ends under tsan",
		  a_program_whose_main_thread_leaves_ends_under_tsan },
		{ "a child of a threaded program ends as it says under tsan",
		  a_child_of_a_threaded_program_ends_as_it_says_under_tsan },
		{ "doctor says what each tool gets wrong", doctor_says_what_each_tool_gets_wrong },
	};

	test_suite("e2e_triage", cases, ARRAY_SIZE(cases));
}
