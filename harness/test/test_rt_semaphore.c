// Semaphores under control.
#include "test/rt_use.h"

static void right_uses_come_out_right(void)
{
	use_is_right("semaphore", "mutex", "exit 0: visits 3 value 1\n");
	use_is_right("semaphore", "handed-over", "exit 0: received 7\n");
	use_is_right("semaphore", "polled", "exit 0: polled 7\n");
	use_is_right("semaphore", "named", "exit 0: visits 2 1 0 1\n");
}

static void timed_waits_tell_what_ended_them(void)
{
	use_has_outcomes("semaphore", "timed",
			 (const char *[]){ "exit 0: in time\n", "exit 0: Connection timed out\n" },
			 2);
	use_is_right("semaphore", "clocks", "exit 0: 1 1 1\n");
}

static void two_keys_let_two_in(void)
{
	use_is_found("semaphore", "two-keys", RT_FOUND_RACE);
	use_comes_to("semaphore", "two-keys", "exit 0: visits 1\n");
}

static void waiting_for_nobody_is_found(void)
{
	struct rt_finding found = use_found("semaphore", "never-posted", RT_FOUND_STUCK);

	CHECK_NUMBER(found.nr_sites, 1);
	CHECK_NUMBER(found.sites[0].object_type, RT_SEMAPHORE);
}

static void misuse_is_found(void)
{
	use_is_found("semaphore", "destroyed-while-waited-on", RT_FOUND_SEMAPHORE_MISUSE);
	use_is_found("semaphore", "used-after-destroy", RT_FOUND_SEMAPHORE_MISUSE);
}

void suite_rt_semaphore(void)
{
	static const struct test_case cases[] = {
		{ "right uses come out right", right_uses_come_out_right },
		{ "timed waits tell what ended them", timed_waits_tell_what_ended_them },
		{ "two keys let two in", two_keys_let_two_in },
		{ "waiting for nobody is found", waiting_for_nobody_is_found },
		{ "misuse is found", misuse_is_found },
	};

	test_suite("rt_semaphore", cases, ARRAY_SIZE(cases));
}
