// Programs with many threads, steps, blocks, locks; memory that was given back.
#include "test/explored.h"

static void as_many_threads_as_there_may_be(void)
{
	struct explored e;

	explored_start(&e, "limits", "threads");
	e.request.rt.threads = RT_MAX_THREADS;
	explored_run(&e, RT_POLICY_RANDOM, 1, 5);
	explored_run(&e, RT_POLICY_PCT, 1, 5);
	CHECK_AT(explored_words(&e), e.nr_findings == 0);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 255\n") == 10);
	CHECK_NUMBER(e.warm.shared->result.most_threads, RT_MAX_THREADS);
	explored_end(&e);
	explored_start(&e, "limits", "too many");
	e.request.rt.threads = RT_MAX_THREADS;
	explored_run(&e, RT_POLICY_RANDOM, 1, 1);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "limit: ") == 1);
	CHECK_TEXT(e.warm.shared->result.limit, "256 threads");
	explored_end(&e);
}

static void ten_million_steps_end_with_the_limits_name(void)
{
	struct explored e;

	explored_start(&e, "limits", "steps");
	e.request.rt.max_steps = 10000000;
	e.request.rt.wall_ms = 300000;
	explored_run(&e, RT_POLICY_PCT, 1, 1);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "steps: ") == 1);
	CHECK_NUMBER(e.warm.shared->result.steps, 10000001);
	explored_end(&e);
}

static void ten_million_steps_are_run(void)
{
	struct explored e;

	explored_start(&e, "limits", "many steps");
	e.request.rt.max_steps = 11000000;
	e.request.rt.wall_ms = 300000;
	explored_run(&e, RT_POLICY_PCT, 1, 1);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 4999999\n") == 1);
	CHECK_AT("steps", e.warm.shared->result.steps > 10000000);
	explored_end(&e);
}

static void many_blocks_and_locks_are_no_matter(void)
{
	static const char *const ways[] = { "heap", "locks" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		explored_start(&e, "limits", ways[i]);
		e.request.rt.max_steps = 10000000;
		e.request.rt.wall_ms = 300000;
		explored_run(&e, RT_POLICY_RANDOM, 1, 1);
		CHECK_AT(explored_words(&e), e.nr_findings == 0);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 0\n") == 1);
		explored_end(&e);
	}
}

static void memory_that_was_given_back_is_not_used(void)
{
	const struct rt_finding *finding;
	struct explored e;

	explored_start(&e, "limits", "use");
	explored_run(&e, RT_POLICY_RANDOM, 1, 100);
	finding = explored_finding(&e, RT_FOUND_USE_AFTER_FREE);
	CHECK_AT(explored_words(&e), finding != NULL);
	if (finding) {
		CHECK_NUMBER(finding->block_size, 100);
		CHECK_AT("allocated", finding->allocated.nr_stack > 0);
	}
	explored_end(&e);
	explored_start(&e, "limits", "twice");
	explored_run(&e, RT_POLICY_RANDOM, 1, 100);
	CHECK_AT(explored_words(&e), explored_finding(&e, RT_FOUND_DOUBLE_FREE) != NULL);
	explored_end(&e);
}

void suite_rt_limits(void)
{
	static const struct test_case cases[] = {
		{ "as many threads as there may be", as_many_threads_as_there_may_be },
		{ "ten million steps end with the limit's name",
		  ten_million_steps_end_with_the_limits_name },
		{ "ten million steps are run", ten_million_steps_are_run },
		{ "many blocks and locks are no matter", many_blocks_and_locks_are_no_matter },
		{ "memory that was given back is not used",
		  memory_that_was_given_back_is_not_used },
	};

	test_suite("rt_limits", cases, ARRAY_SIZE(cases));
}
