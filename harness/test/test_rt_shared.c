// What a parent and its uncontrolled child share: modelled for the parent, and named.
#include "test/explored.h"

#include <string.h>

static void start_all(struct explored *e, const char *how)
{
	explored_start(e, "shared", how);
	explored_run(e, RT_POLICY_RANDOM, 1, 20);
	explored_run(e, RT_POLICY_PCT, 1, 20);
	CHECK_AT(how, e->nr_findings == 0);
	CHECK_AT(how, e->warm.shared->result.processes);
}

static void what_a_child_may_use_is_named(void)
{
	static const char *const ways[][2] = {
		{ "mutex", "a process-shared mutex" },
		{ "rwlock", "a process-shared rwlock" },
		{ "spin", "a process-shared spin lock" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		start_all(&e, ways[i][0]);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 2 0 0\n") == 40);
		CHECK_NUMBER(e.warm.shared->nr_uncontrolled, 1);
		CHECK_TEXT_AT(ways[i][0], e.warm.shared->uncontrolled[0].name, ways[i][1]);
		CHECK_AT(ways[i][0], e.warm.shared->uncontrolled[0].pc != 0);
		explored_end(&e);
	}
}

// Only the child knows whether it will come: there is no deadlock to report.
static void a_wait_for_a_child_is_a_limit(void)
{
	static const char *const ways[][2] = {
		{ "nobody-signals", "a process-shared condition variable" },
		{ "one-stays-away", "a process-shared barrier" },
		{ "child-waits", "a process-shared condition variable" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		const struct rt_shared *shared;
		bool named = false;
		struct explored e;

		start_all(&e, ways[i][0]);
		shared = e.warm.shared;
		for (uint32_t n = 0; n < shared->nr_uncontrolled; n++)
			named |= !strcmp(shared->uncontrolled[n].name, ways[i][1]);
		CHECK_AT(ways[i][1], named);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "stuck: ") == 0);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "limit: ") > 0);
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
	CHECK_NUMBER(e.warm.shared->nr_uncontrolled, 0);
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
		{ "what a child may use is named", what_a_child_may_use_is_named },
		{ "a wait for a child is a limit", a_wait_for_a_child_is_a_limit },
		{ "a shared barrier orders threads", a_shared_barrier_orders_threads },
		{ "the parent's own threads are judged", the_parents_own_threads_are_judged },
	};

	test_suite("rt_shared", cases, ARRAY_SIZE(cases));
}
