// Nobody who polls keeps others for ever from what it polls for.
#include "test/rt_use.h"

static void pollers_that_rouse_each_other_let_others_run(void)
{
	use_is_right("fair", "locked", "exit 0: done\n");
	use_is_right("fair", "trying", "exit 0: done\n");
}

// By each policy, also one that never preempts and lets no deadline come early.
static void time_passes_for_who_polls_alone(void)
{
	struct explored e;

	explored_start(&e, "fair", "sleeping");
	for (int policy = RT_POLICY_RANDOM; policy <= RT_POLICY_ROUND_ROBIN; policy++)
		explored_run(&e, (enum rt_policy_id)policy, 1, 20);
	explored_run(&e, RT_POLICY_DFS, 1, 1);
	CHECK_AT(explored_words(&e), e.nr_outcomes == 1);
	CHECK_NUMBER(explored_outcome(&e, "exit 0: done\n"), 81);
	explored_end(&e);
}

void suite_rt_fair(void)
{
	static const struct test_case cases[] = {
		{ "pollers that rouse each other let others run",
		  pollers_that_rouse_each_other_let_others_run },
		{ "time passes for who polls alone", time_passes_for_who_polls_alone },
	};

	test_suite("rt_fair", cases, ARRAY_SIZE(cases));
}
