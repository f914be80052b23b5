// Nobody who polls keeps others for ever from what it polls for.
#include "test/rt_use.h"
#include "test/searched.h"

static void pollers_that_rouse_each_other_let_others_run(void)
{
	use_is_right("fair", "locked", "exit 0: done\n");
	use_is_right("fair", "trying", "exit 0: done\n");
}

// Without anybody being preempted and without a time-out that comes early.
static void time_passes_for_those_who_sleep_while_others_poll(void)
{
	struct run r;

	use_is_right("fair", "asleep", "exit 0: done\n");
	run_limited(&r, "fair", "asleep", 0, 5, 100000);
	CU_ASSERT(r.campaign.done > 0);
	CHECK_NUMBER(count(&r, "done"), r.campaign.done);
	run_end(&r);
}

void suite_rt_fair(void)
{
	static const struct test_case cases[] = {
		{ "pollers that rouse each other let others run",
		  pollers_that_rouse_each_other_let_others_run },
		{ "time passes for those who sleep while others poll",
		  time_passes_for_those_who_sleep_while_others_poll },
	};

	test_suite("rt_fair", cases, ARRAY_SIZE(cases));
}
