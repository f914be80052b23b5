// What is done once in the warmed process, or put off, is not noticed by the program.
#include "test/explored.h"

#include <stdlib.h>

static void check_outcome(const char *use, const char *outcome)
{
	struct explored e;

	explored_start(&e, "fresh", use);
	explored_run(&e, RT_POLICY_RANDOM, 1, 3);
	CHECK_AT(explored_words(&e), explored_outcome(&e, outcome) == 3);
	explored_end(&e);
}

static void a_thread_is_told_its_own_stack(void)
{
	check_outcome("stack", "exit 0: inside 8192 KiB\n");
}

static void the_signal_of_our_timer_does_what_it_always_does(void)
{
	check_outcome("alarm", "signal 14: ");
}

static void the_environment_is_the_drivers(void)
{
	unsetenv("LD_BIND_NOW");
	check_outcome("environment", "exit 0: not set\n");
}

// And the next one likewise: the timer goes on.
static void each_iteration_that_blocks_outside_of_control_is_ended(void)
{
	struct explored e;

	explored_start(&e, "fresh", "blocked");
	e.request.rt.wall_ms = 100;
	explored_run(&e, RT_POLICY_RANDOM, 1, 3);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "wall: ") == 3);
	explored_end(&e);
}

static void a_race_is_told_although_the_same_places_raced_on_what_does_not_matter(void)
{
	struct explored e;

	explored_start(&e, "fresh", "benign");
	explored_run(&e, RT_POLICY_ROUND_ROBIN, 1, 1);
	CHECK_NUMBER(e.nr_findings, 1);
	CHECK_AT(explored_words(&e), explored_finding(&e, RT_FOUND_RACE) != NULL);
	explored_end(&e);
}

static void an_iteration_that_loses_its_thread_pointer_runs_again(void)
{
	struct explored e;

	explored_start(&e, "fresh", "forgotten");
	explored_run(&e, RT_POLICY_RANDOM, 1, 3);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: counted 1\n") == 3);
	explored_end(&e);
}

void suite_rt_fresh(void)
{
	static const struct test_case cases[] = {
		{ "a thread is told its own stack", a_thread_is_told_its_own_stack },
		{ "the signal of our timer does what it always does",
		  the_signal_of_our_timer_does_what_it_always_does },
		{ "the environment is the driver's", the_environment_is_the_drivers },
		{ "each iteration that blocks outside of control is ended",
		  each_iteration_that_blocks_outside_of_control_is_ended },
		{ "a race is told although the same places raced on what does not matter",
		  a_race_is_told_although_the_same_places_raced_on_what_does_not_matter },
		{ "an iteration that loses its thread pointer runs again",
		  an_iteration_that_loses_its_thread_pointer_runs_again },
	};

	test_suite("rt_fresh", cases, ARRAY_SIZE(cases));
}
