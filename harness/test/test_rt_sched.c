// The scheduler of explored programs, through programs that it runs.
#include "test/explored.h"

static void lost_updates_and_their_race_are_found(void)
{
	struct explored e;

	explored_start(&e, "balance", "2");
	explored_run(&e, RT_POLICY_RANDOM, 1, 500);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: balance 0\n") > 0);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: balance 1\n") > 0);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: balance -2\n") > 0);
	CHECK_AT(explored_words(&e), explored_finding(&e, RT_FOUND_RACE) != NULL);
	explored_end(&e);
}

void suite_rt_sched(void)
{
	static const struct test_case cases[] = {
		{ "lost updates and their race are found", lost_updates_and_their_race_are_found },
	};

	test_suite("rt_sched", cases, ARRAY_SIZE(cases));
}
