// Nobody who polls keeps others for ever from what it polls for.
#include "test/rt_use.h"

static void pollers_that_rouse_each_other_let_others_run(void)
{
	use_is_right("fair", "locked", "exit 0: done\n");
	use_is_right("fair", "trying", "exit 0: done\n");
}

void suite_rt_fair(void)
{
	static const struct test_case cases[] = {
		{ "pollers that rouse each other let others run",
		  pollers_that_rouse_each_other_let_others_run },
	};

	test_suite("rt_fair", cases, ARRAY_SIZE(cases));
}
