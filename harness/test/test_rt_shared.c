// What a parent and its uncontrolled child share works, and hangs only when it is to.
#include "test/explored.h"

static void check_all(const char *how, const char *outcome, uint64_t iterations)
{
	struct explored e;

	explored_start(&e, "shared", how);
	explored_run(&e, RT_POLICY_RANDOM, 1, iterations);
	explored_run(&e, RT_POLICY_PCT, 1, iterations);
	CHECK_AT(how, e.nr_findings == 0);
	CHECK_AT(explored_words(&e), explored_outcome(&e, outcome) == 2 * iterations);
	CHECK_AT(how, e.warm.shared->result.processes);
	explored_end(&e);
}

static void a_condition_variable_wakes_either(void)
{
	check_all("parent-waits", "exit 0: 0 3 0\n", 30);
	check_all("parent-waits-long", "exit 0: 0 3 0\n", 5);
	check_all("child-waits", "exit 0: 0 3 0\n", 30);
}

static void a_barrier_waits_for_both(void)
{
	check_all("meet", "exit 0: 0 5 0\n", 30);
}

static void locks_keep_both_apart(void)
{
	check_all("rwlock", "exit 0: 40 40 0\n", 20);
	check_all("spin", "exit 0: 150 150 0\n", 20);
}

static void who_waits_in_vain_is_stuck(void)
{
	static const char *const ways[] = { "nobody-signals", "one-stays-away" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		explored_start(&e, "shared", ways[i]);
		explored_run(&e, RT_POLICY_RANDOM, 1, 10);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "stuck: ") == 10);
		CHECK_AT(ways[i], explored_finding(&e, RT_FOUND_STUCK) != NULL);
		explored_end(&e);
	}
}

static void a_shared_barrier_orders_threads(void)
{
	struct explored e;

	explored_start(&e, "shared", "meet-in-threads");
	explored_widely(&e, 1, 200);
	CHECK_AT(explored_words(&e), e.nr_findings == 0);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 3\n") == 600);
	explored_end(&e);
}

static void the_parents_own_threads_are_judged(void)
{
	struct explored e;

	explored_start(&e, "shared", "race");
	explored_run(&e, RT_POLICY_RANDOM, 1, 10);
	CHECK_AT(explored_words(&e), explored_finding(&e, RT_FOUND_RACE) != NULL);
	CHECK_AT("race", e.warm.shared->result.processes);
	explored_end(&e);
}

void suite_rt_shared(void)
{
	static const struct test_case cases[] = {
		{ "a condition variable wakes either", a_condition_variable_wakes_either },
		{ "a barrier waits for both", a_barrier_waits_for_both },
		{ "locks keep both apart", locks_keep_both_apart },
		{ "who waits in vain is stuck", who_waits_in_vain_is_stuck },
		{ "a shared barrier orders threads", a_shared_barrier_orders_threads },
		{ "the parent's own threads are judged", the_parents_own_threads_are_judged },
	};

	test_suite("rt_shared", cases, ARRAY_SIZE(cases));
}
