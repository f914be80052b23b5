// How threads end before their time, and how long others wait for it.
#include "test/rt_use.h"

static void cancelled_threads_clean_up(void)
{
	use_is_right("cancel", "sleeping", "exit 0: cancelled cleaned 1 lock free\n");
	use_is_right("cancel", "waiting", "exit 0: cancelled cleaned 0 lock free\n");
	use_is_right("cancel", "semaphore", "exit 0: cancelled cleaned 0 lock free\n");
	use_has_outcomes("cancel", "disabled",
			 (const char *[]){ "exit 0: cancelled cleaned 5 lock free\n",
					   "exit 0: ended cleaned 6 lock free\n" },
			 2);
}

static void a_lock_without_handler_stays_held(void)
{
	use_is_found("cancel", "uncleaned", RT_FOUND_LOCK_HELD);
	use_comes_to("cancel", "uncleaned", "exit 0: cancelled cleaned 0 lock held\n");
}

static void handlers_run_innermost_first_when_a_thread_exits(void)
{
	use_is_right("cancel", "left", "exit 0: left cleaned 1221\n");
}

static void a_cancelled_waiter_uses_no_signal(void)
{
	use_is_right("cancel", "signal-kept", "exit 0: done\n");
}

// The thread sleeps longer than the first join waits; time keeps its order for this.
static void joins_have_time_limits(void)
{
	static const enum rt_policy_id policies[] = { RT_POLICY_RANDOM, RT_POLICY_PCT,
						      RT_POLICY_POS };

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		struct explored e;

		explored_start(&e, "cancel", "timed-join");
		e.request.rt.early_timeouts = false;
		explored_run(&e, policies[i], 1, 500);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 1 1 0\n") == 500);
		CHECK_AT(explored_words(&e), e.nr_findings == 0);
		explored_end(&e);
	}
}

static void asynchronous_cancellation_acts_at_any_step(void)
{
	use_always("cancel", "working", "exit 0: cancelled cleaned 1 lock free\n", RT_FOUND_NR);
	use_always("cancel", "allowed", "exit 0: cancelled cleaned 5 lock free\n", RT_FOUND_NR);
	use_always("cancel", "locking", "exit 0: cancelled cleaned 0 lock held\n", RT_FOUND_NR);
}

void suite_rt_cancel(void)
{
	static const struct test_case cases[] = {
		{ "cancelled threads clean up", cancelled_threads_clean_up },
		{ "a lock without handler stays held", a_lock_without_handler_stays_held },
		{ "handlers run innermost first when a thread exits",
		  handlers_run_innermost_first_when_a_thread_exits },
		{ "a cancelled waiter uses no signal", a_cancelled_waiter_uses_no_signal },
		{ "joins have time limits", joins_have_time_limits },
		{ "asynchronous cancellation acts at any step",
		  asynchronous_cancellation_acts_at_any_step },
	};

	test_suite("rt_cancel", cases, ARRAY_SIZE(cases));
}
