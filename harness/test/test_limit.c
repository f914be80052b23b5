// Runs that show nothing: neither a result nor a finding, and what to do about it.
#include "base/mem.h"
#include "judge/assess.h"
#include "model/limit.h"
#include "test/graded.h"
#include "test/support.h"

static void every_limit_says_what_to_do(void)
{
	static const char *const names[] = { LIMIT_STEPS,   LIMIT_TIME,   LIMIT_THREADS,
					     LIMIT_MEMORY,  LIMIT_OUTPUT, LIMIT_PROCESSES,
					     "256 threads", NULL };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		CHECK_HAS(limit_advice(names[i]), "a smaller input (--scale, --args)");
	CHECK_HAS(limit_advice(LIMIT_STEPS), "--max-steps N allows more");
	CHECK_HAS(limit_advice(LIMIT_MEMORY), "4 GiB");
}

// A run that used too much memory.
static void assess_limited(const struct target *target, struct assessment *a)
{
	struct record record = run_of(TOOL_NATIVE, "");

	record.how = ENDING_LIMIT;
	record.limit = xstrdup(LIMIT_MEMORY);
	assess(target, &record, a);
	record_release(&record);
}

static void a_limit_is_no_result_unless_the_case_lists_it(void)
{
	static const struct target *const targets[] = { &racy, &fixed, &own };
	struct outcome_row listed = { .result = "[limit memory]", .racy = GRADE_INTERESTING };
	struct testcase knows = race_case;
	const struct target knowing = { .tc = &knows, .variant = VARIANT_RACY };
	struct assessment a;

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		assess_limited(targets[i], &a);
		CHECK_HAS(a.inconclusive, "limit: stopped at the limit on memory; a run may use");
		CU_ASSERT_TRUE(a.undecided);
		CU_ASSERT_FALSE(a.diverged || a.detected || a.unexpected);
		assessment_release(&a);
	}
	knows.outcomes = &listed;
	knows.nr_outcomes = 1;
	assess_limited(&knowing, &a);
	CU_ASSERT_PTR_NULL(a.inconclusive);
	CHECK_NUMBER(a.grade, GRADE_INTERESTING);
	assessment_release(&a);
}

static void a_log_that_was_altered_proves_no_finding(void)
{
	struct record record = run_of(TOOL_TSAN, "out");
	struct assessment a;

	add(&record.findings, KIND_DATA_RACE, "data race");
	record.evidence = EVIDENCE_TAMPERED;
	assess(&own, &record, &a);
	CHECK_HAS(a.inconclusive, "tampered: ");
	CU_ASSERT_FALSE(a.detected);
	assessment_release(&a);
	record_release(&record);
}

void suite_limit(void)
{
	static const struct test_case cases[] = {
		{ "every limit says what to do", every_limit_says_what_to_do },
		{ "a limit is not a result unless the case lists it",
		  a_limit_is_no_result_unless_the_case_lists_it },
		{ "a log that was altered proves no finding",
		  a_log_that_was_altered_proves_no_finding },
	};

	test_suite("limit", cases, ARRAY_SIZE(cases));
}
