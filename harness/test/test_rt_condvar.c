// Condition variables under control.
#include "test/rt_use.h"

#include <string.h>

static void right_uses_come_out_right(void)
{
	use_is_right("condvar", "signals", "exit 0: items 0 taken 2\n");
	use_is_right("condvar", "broadcast", "exit 0: items 0 taken 2\n");
	use_is_right("condvar", "made-again", "exit 0: items 0 taken 2\n");
}

static void timed_waits_tell_what_ended_them(void)
{
	use_has_outcomes("condvar", "timed",
			 (const char *[]){ "exit 0: item\n", "exit 0: Connection timed out\n" }, 2);
	use_is_right("condvar", "time-is-up", "exit 0: Connection timed out\n");
	use_is_right("condvar", "monotonic", "exit 0: 1 1 1 1 1 1\n");
}

static void a_woken_waiter_may_find_nothing(void)
{
	use_comes_to("condvar", "stolen", "stuck: ");
	use_comes_to("condvar", "stolen", "exit 0: items -1\n");
	use_is_right("condvar", "if-instead-of-while", "exit 0: items 0\n");
}

static void a_wait_may_end_without_a_signal(void)
{
	use_comes_to("condvar", "trusting", "exit 0: items 0\n");
	use_comes_to("condvar", "trusting", "exit 0: items 1\n");
	use_comes_to("condvar", "trusting-in-time", "exit 0: trusted\n");
}

static void nobody_is_woken_without_a_signal_unless_asked_for(void)
{
	struct explored e;

	explored_start(&e, "condvar", "trusting");
	e.request.rt.spurious = false;
	explored_widely(&e, 1, 200);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: items 1\n") == 600);
	explored_end(&e);
}

static void a_wait_that_ended_so_is_followed(void)
{
	struct rt_shared *shared;
	struct explored e;
	uint64_t hash, outcome;

	explored_start(&e, "condvar", "trusting");
	shared = e.warm.shared;
	while (!explored_outcome(&e, "exit 0: items 0\n") && e.iterations < 500)
		explored_run(&e, RT_POLICY_RANDOM, 1 + e.iterations, 1);
	CHECK_NUMBER(shared->result.spurious, 1);
	hash = shared->result.event_hash;
	outcome = shared->result.outcome;
	e.request.rt.nr_schedule_in = shared->result.nr_schedule_out;
	e.request.schedule_in = shared->schedule_out;
	// The schedule says it: whether such waits are asked for does not matter.
	e.request.rt.spurious = false;
	explored_run(&e, RT_POLICY_REPLAY, 1, 3);
	CHECK_AT("follow", shared->result.event_hash == hash && shared->result.outcome == outcome);
	CHECK_NUMBER(shared->result.spurious, 1);
	explored_end(&e);
}

static void at_most_so_many_waits_end_so_as_were_asked_for(void)
{
	struct explored e;

	explored_start(&e, "condvar", "trusting");
	e.request.rt.most_spurious = 0;
	explored_widely(&e, 1, 2000);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: items 1\n") == 6000);
	e.request.rt.most_spurious = 1;
	for (uint64_t i = 1; i <= 500; i++) {
		explored_run(&e, RT_POLICY_RANDOM, i, 1);
		CU_ASSERT(e.warm.shared->result.spurious <= 1);
	}
	// At least one in 16 of 500 iterations has one: none with probability below 1e-13.
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: items 0\n") > 0);
	explored_end(&e);
}

static void sleepers_are_lost_all_the_same(void)
{
	struct explored e;

	explored_start(&e, "condvar", "asleep");
	explored_widely(&e, 1, 200);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "stuck: ") == 600);
	explored_end(&e);
}

static void signals_that_nobody_hears_are_lost(void)
{
	struct rt_finding lost = use_found("condvar", "lost", RT_FOUND_STUCK);
	bool told = false;

	for (unsigned i = 0; i < lost.nr_sites; i++)
		if (lost.sites[i].object_type == RT_COND)
			told = lost.sites[i].signal_lost && lost.sites[i].lost_pc;
	CHECK_AT("lost", told);
}

static void one_signal_for_two_is_no_lost_signal(void)
{
	struct rt_finding few = use_found("condvar", "too-few-signals", RT_FOUND_STUCK);

	for (unsigned i = 0; i < few.nr_sites; i++)
		if (few.sites[i].object_type == RT_COND)
			CHECK_AT("too few signals", !few.sites[i].signal_lost);
}

static void a_signal_orders_nothing(void)
{
	use_is_found("condvar", "bare", RT_FOUND_RACE);
}

static void misuse_is_found(void)
{
	use_is_found("condvar", "unheld", RT_FOUND_CONDVAR_MISUSE);
	use_is_found("condvar", "two-mutexes", RT_FOUND_CONDVAR_MISUSE);
	use_is_found("condvar", "destroyed-while-waited-on", RT_FOUND_CONDVAR_MISUSE);
	use_is_found("condvar", "used-after-destroy", RT_FOUND_CONDVAR_MISUSE);
}

void suite_rt_condvar(void)
{
	static const struct test_case cases[] = {
		{ "right uses come out right", right_uses_come_out_right },
		{ "timed waits tell what ended them", timed_waits_tell_what_ended_them },
		{ "a woken waiter may find nothing", a_woken_waiter_may_find_nothing },
		{ "a wait may end without a signal", a_wait_may_end_without_a_signal },
		{ "nobody is woken without a signal unless asked for",
		  nobody_is_woken_without_a_signal_unless_asked_for },
		{ "a wait that ended so is followed", a_wait_that_ended_so_is_followed },
		{ "at most so many waits end so as were asked for",
		  at_most_so_many_waits_end_so_as_were_asked_for },
		{ "sleepers are lost all the same", sleepers_are_lost_all_the_same },
		{ "signals that nobody hears are lost", signals_that_nobody_hears_are_lost },
		{ "one signal for two is no lost signal", one_signal_for_two_is_no_lost_signal },
		{ "a signal orders nothing", a_signal_orders_nothing },
		{ "misuse is found", misuse_is_found },
	};

	test_suite("rt_condvar", cases, ARRAY_SIZE(cases));
}
