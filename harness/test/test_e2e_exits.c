// A program that did not do its work, or did it without company, is never called clean.
#include "base/mem.h"
#include "test/call.h"
#include "test/support.h"

// Two threads, then the exit status that argv[1] names; in half of the schedules 0 when there is
// an argv[2].
static const char exits_c[] = "#include <pthread.h>\n"
			      "#include <stdio.h>\n"
			      "#include <stdlib.h>\n"
			      "static int first;\n"
			      "static void *run(void *arg)\n"
			      "{\n"
			      "	int none = 0;\n"
			      "	__atomic_compare_exchange_n(&first, &none, *(int *)arg, 0, 5, 5);\n"
			      "	return NULL;\n"
			      "}\n"
			      "int main(int argc, char **argv)\n"
			      "{\n"
			      "	int one = 1, two = 2;\n"
			      "	pthread_t a, b;\n"
			      "	pthread_create(&a, NULL, run, &one);\n"
			      "	pthread_create(&b, NULL, run, &two);\n"
			      "	pthread_join(a, NULL);\n"
			      "	pthread_join(b, NULL);\n"
			      "	fprintf(stderr, \"no config\\n\");\n"
			      "	return argc > 2 && first == 1 ? 0 : atoi(argv[1]);\n"
			      "}\n";

// Checks the program under the tool; its session is `tool`.
static void check_exits(struct call *c, const char *tool, const char *args, const char *ok,
			int code)
{
	scratch_write(c->dir, "exits.c", exits_c);
	CALL(c, "check", "exits.c", "--tool", tool, "--runs", "3", "--schedules", "20", "--seed",
	     "1", "--args", args, "--ok-exit", ok, "--out", tool);
	exits(c, code);
}

// The session's folder is named after the tool.
static void verdict_of_session(const struct call *c, const char *target, const char *tool,
			       const char *status, const char *reason)
{
	json_t *report = report_of(c, tool);

	verdict_is(report, target, tool, status, reason);
	json_decref(report);
}

static void a_program_that_always_fails_is_no_pass(void)
{
	static const char *const tools[] = { "native", "tsan", "drd", "explore" };
	struct call c;

	for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
		call_begin(&c);
		check_exits(&c, tools[i], "3", "0", 1);
		verdict_of_session(&c, "exits.c", tools[i], "fail", "exit 3; stderr: no config");
		call_end(&c);
	}
}

static void an_exit_status_that_was_named_is_none(void)
{
	static const char *const tools[] = { "native", "explore" };
	struct call c;

	for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
		call_begin(&c);
		check_exits(&c, tools[i], "3", "1,3", 0);
		call_end(&c);
	}
}

static void a_program_that_skips_itself_is_no_pass(void)
{
	static const char *const tools[] = { "native", "explore" };
	struct call c;

	for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
		call_begin(&c);
		check_exits(&c, tools[i], "77", "0", 4);
		CHECK_HAS(c.out, "the program skipped itself: exit 77");
		call_end(&c);
	}
}

static void a_schedule_that_fails_can_be_replayed(void)
{
	struct call c;

	call_begin(&c);
	check_exits(&c, "explore", "3 x", "0", 1);
	CHECK_HAS(c.out, "did not exit normally; the first:");
	CHECK_HAS(c.out, "replay: racegate replay");
	call_end(&c);
}

static void a_program_without_company_is_no_pass(void)
{
	static const char *const tools[] = { "native", "tsan", "tsan-gcc", "helgrind", "explore" };
	struct call c;

	for (size_t i = 0; i < ARRAY_SIZE(tools); i++) {
		call_begin(&c);
		scratch_write(c.dir, "alone.c",
			      "#include <stdio.h>\nint main(void)\n{\n"
			      "	fputs(\"no socket\\n\", stderr);\n	return 0;\n}\n");
		CALL(&c, "check", "alone.c", "--tool", tools[i], "--runs", "2", "--schedules", "10",
		     "--out", tools[i]);
		exits(&c, 4);
		verdict_of_session(&c, "alone.c", tools[i], "skipped", "nothing ran concurrently");
		verdict_of_session(&c, "alone.c", tools[i], "skipped", "stderr: no socket");
		CALL(&c, "check", "alone.c", "--tool", tools[i], "--runs", "2", "--schedules", "10",
		     "--allow-sequential", "--out", "again");
		exits(&c, 0);
		call_end(&c);
	}
}

void suite_e2e_exits(void)
{
	static const struct test_case cases[] = {
		{ "a program that always fails is no pass",
		  a_program_that_always_fails_is_no_pass },
		{ "an exit status that was named is no failure",
		  an_exit_status_that_was_named_is_none },
		{ "a program that skips itself is no pass",
		  a_program_that_skips_itself_is_no_pass },
		{ "a program without company is no pass", a_program_without_company_is_no_pass },
		{ "a schedule that fails can be replayed", a_schedule_that_fails_can_be_replayed },
	};

	test_suite("e2e_exits", cases, ARRAY_SIZE(cases));
}
