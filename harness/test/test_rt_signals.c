// Signals that threads of one program send each other.
#include "test/explored.h"

static void check_all(const char *how, const char *outcome)
{
	struct explored e;

	explored_start(&e, "signals", how);
	explored_widely(&e, 1, 300);
	CHECK_AT(explored_words(&e), e.nr_findings == 0);
	CHECK_AT(explored_words(&e), explored_outcome(&e, outcome) == e.iterations);
	CHECK_NUMBER(e.warm.shared->nr_uncontrolled, 0);
	explored_end(&e);
}

static void a_handler_runs_in_the_thread_that_the_signal_is_for(void)
{
	check_all("kill", "exit 0: 1 1\n");
	check_all("lock", "exit 0: 1 1\n");
	check_all("self", "exit 0: ");
}

static void a_thread_waits_for_a_signal(void)
{
	check_all("wait", "exit 0: 1 0\n");
}

static void one_that_comes_before_the_wait_is_missed(void)
{
	struct explored e;

	explored_start(&e, "signals", "pause");
	explored_run(&e, RT_POLICY_RANDOM, 1, 300);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 1 1\n") > 0);
	CHECK_AT(explored_words(&e), explored_finding(&e, RT_FOUND_STUCK) != NULL);
	explored_end(&e);
}

static void a_handler_races_with_what_the_sender_does_after(void)
{
	struct explored e;

	explored_start(&e, "signals", "race");
	explored_run(&e, RT_POLICY_RANDOM, 1, 100);
	CHECK_AT(explored_words(&e), explored_finding(&e, RT_FOUND_RACE) != NULL);
	explored_end(&e);
}

void suite_rt_signals(void)
{
	static const struct test_case cases[] = {
		{ "a handler runs in the thread that the signal is for",
		  a_handler_runs_in_the_thread_that_the_signal_is_for },
		{ "a thread waits for a signal", a_thread_waits_for_a_signal },
		{ "one that comes before the wait is missed",
		  one_that_comes_before_the_wait_is_missed },
		{ "a handler races with what the sender does after",
		  a_handler_races_with_what_the_sender_does_after },
	};

	test_suite("rt_signals", cases, ARRAY_SIZE(cases));
}
