// Whether more than one thread or process was alive: in a run, in a log, in a verdict.
#include "base/mem.h"
#include "detect/detect.h"
#include "judge/verdict.h"
#include "report/report.h"
#include "test/run_one.h"
#include "test/session_maker.h"
#include "test/support.h"

static unsigned company_seen;

static void look_at_company(const struct run_result *result)
{
	CHECK_NUMBER(result->how, ENDING_EXIT);
	CHECK_NUMBER(result->code, 0);
	company_seen = result->alive;
}

// Nothing of this is a matter of luck: no sample is taken, the kernel's sums are compared.
static void a_second_thread_or_process_is_never_missed(void)
{
	static const struct {
		const char *way;
		unsigned alive;
	} rows[] = {
		{ "alone", 1 }, { "thread", 2 },     { "left thread", 2 },
		{ "child", 2 }, { "left child", 2 }, { "disowned child", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int run = 0; run < 30; run++) {
			company_seen = 99;
			run_fixture(FIXTURE("company"), rows[i].way, look_at_company);
			// One that nobody waits for may still be seen as an orphan.
			CHECK_AT(rows[i].way,
				 rows[i].alive ? company_seen == rows[i].alive : company_seen != 1);
		}
}

static void a_tools_own_threads_are_not_the_programs(void)
{
	struct run_one one = run_one(FIXTURE("company"), "thread", look_at_company);

	one.spec.tool_naps = true;
	CU_ASSERT_EQUAL(run_one_go(&one, 1), 0);
	CHECK_NUMBER(company_seen, 0);
}

static void a_log_of_tsan_says_that_there_was_a_second_thread(void)
{
	static const char log[] = "racegate-tsan 1 7 0\nthreads\nexit 0\n";
	static const char none[] = "racegate-tsan 1 7 0\nthreads of old\nexit 0\n";
	struct log_facts facts = { 0 };
	struct finding_list list = { 0 };

	CHECK_NUMBER(tsan_data_parse(log, sizeof(log) - 1, &facts, &list), EVIDENCE_WHOLE);
	CU_ASSERT_TRUE(facts.threads);
	facts = (struct log_facts){ 0 };
	CHECK_NUMBER(tsan_data_parse(none, sizeof(none) - 1, &facts, &list), EVIDENCE_WHOLE);
	CU_ASSERT_FALSE(facts.threads);
	finding_list_release(&list);
}

// Runs of own.c, with so many alive under native and under tsan in each.
static void check_verdicts(unsigned native, unsigned tsan, enum verdict_status status,
			   const char *says)
{
	char *dir = scratch_make();
	struct report report;

	session_make(dir, "complete");
	for (uint64_t run = 1; run <= 8; run++) {
		struct record record =
			session_run_of(run, "own.c", run % 2 ? TOOL_NATIVE : TOOL_TSAN, "out");

		record.alive = run % 2 ? native : tsan;
		record.err = xstrdup("no port");
		session_add(dir, &record);
		record_release(&record);
	}
	session_load(dir, &report);
	CHECK_NUMBER(report.targets[2].cells[TOOL_TSAN].verdict.status, status);
	CHECK_HAS(report.targets[2].cells[TOOL_TSAN].verdict.reason, says);
	report_release(&report);
	scratch_drop(dir);
}

static void a_target_that_never_had_company_is_not_clean(void)
{
	check_verdicts(1, 1, VERDICT_SKIPPED,
		       "nothing ran concurrently in 4 runs; stderr: no port; --allow-sequential");
	check_verdicts(2, 1, VERDICT_PASS, "clean in 4 runs, in which nothing ran concurrently");
	check_verdicts(2, 2, VERDICT_PASS, "clean in 4 runs");
	// What could not be observed is said, and is no reason to doubt.
	check_verdicts(1, 0, VERDICT_PASS, "whether anything ran concurrently could not be");
	check_verdicts(0, 1, VERDICT_PASS, "clean in 4 runs, in which nothing ran concurrently");
}

static void a_case_says_by_its_threads_that_it_is_sequential(void)
{
	struct testcase tc = { .threads = 1, .processes = 1 };
	const struct target target = { .tc = &tc, .variant = VARIANT_FIXED };
	const struct circumstances sequential = { .tool = TOOL_READY, .sequential = true };
	struct cell cell = { .target = &target,
			     .tool = TOOL_TSAN,
			     .runs = 4,
			     .records = 4,
			     .alone = 4,
			     .first_alone = "nothing on stderr" };

	tc.expect[VARIANT_FIXED][TOOL_TSAN].answer = ANSWER_SILENT;
	for (tc.threads = 1; tc.threads <= 2; tc.threads++)
		for (tc.processes = 1; tc.processes <= 2; tc.processes++) {
			const bool fine = tc.threads + tc.processes == 2;
			struct verdict v;

			verdict_of(&cell, &sequential, &v);
			CHECK_NUMBER(v.status, fine ? VERDICT_PASS : VERDICT_SKIPPED);
			verdict_release(&v);
		}
}

void suite_company(void)
{
	static const struct test_case cases[] = {
		{ "a second thread or process is never missed",
		  a_second_thread_or_process_is_never_missed },
		{ "a tool's own threads are not the program's",
		  a_tools_own_threads_are_not_the_programs },
		{ "a log of TSan says that there was a second thread",
		  a_log_of_tsan_says_that_there_was_a_second_thread },
		{ "a target that never had company is not clean",
		  a_target_that_never_had_company_is_not_clean },
		{ "a case says by its threads that it is sequential",
		  a_case_says_by_its_threads_that_it_is_sequential },
	};

	test_suite("company", cases, ARRAY_SIZE(cases));
}
