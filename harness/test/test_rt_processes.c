// Programs that fork: the child is not controlled, and disturbs nobody.
#include "test/explored.h"

static void check_all(const char *how, const char *outcome, uint64_t iterations)
{
	struct explored e;

	explored_start(&e, "processes", how);
	explored_run(&e, RT_POLICY_RANDOM, 1, iterations);
	CHECK_AT(how, e.nr_findings == 0);
	CHECK_AT(explored_words(&e), explored_outcome(&e, outcome) == iterations);
	CHECK_AT(how, e.warm.shared->result.processes);
	explored_end(&e);
}

static void a_child_runs_and_is_waited_for(void)
{
	check_all("", "exit 0: 3\n", 200);
	check_all("threads", "exit 0: 3\n", 30);
	check_all("read", "exit 0: 3\n", 30);
	check_all("write", "exit 0: 3\n", 30);
	check_all("look", "exit 0: 3\n", 30);
	check_all("crash", "exit 0: -6\n", 10);
	check_all("exec", "exit 0: 3\n", 10);
	check_all("parent", "exit 0: 3\n", 10);
	check_all("ids", "exit 0: 1 1 1\n3\n", 10);
}

static void a_semaphore_that_a_child_posts_is_waited_for(void)
{
	check_all("post", "exit 0: 3\n", 30);
}

// In real time they would take longer than each iteration may.
static void time_passes_for_both_while_parent_and_child_sleep(void)
{
	static const char *const ways[] = { "turns", "clocks" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		explored_start(&e, "processes", ways[i]);
		e.request.rt.wall_ms = 12000;
		explored_run(&e, RT_POLICY_RANDOM, 1, 5);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 3\n") == 5);
		explored_end(&e);
	}
}

static void other_programs_are_named(void)
{
	struct explored e;

	check_all("replaced", "exit 4: replaced\n", 5);
	explored_start(&e, "processes", "system");
	explored_run(&e, RT_POLICY_RANDOM, 1, 5);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 5: ") == 5);
	CHECK_NUMBER(e.warm.shared->nr_uncontrolled, 1);
	CHECK_TEXT(e.warm.shared->uncontrolled[0].name, "system");
	explored_end(&e);
}

static void a_lock_that_another_thread_held_hangs_the_child(void)
{
	struct explored e;

	explored_start(&e, "processes", "lock");
	explored_run(&e, RT_POLICY_RANDOM, 1, 100);
	CHECK_AT(explored_words(&e), explored_finding(&e, RT_FOUND_STUCK) != NULL);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 3\n") > 0);
	explored_end(&e);
}

static void a_child_that_waits_forever_is_seen(void)
{
	struct explored e;

	explored_start(&e, "processes", "pause");
	explored_run(&e, RT_POLICY_RANDOM, 1, 10);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "stuck: ") == 10);
	explored_end(&e);
}

static void an_orphan_is_waited_for_and_its_output_is_kept(void)
{
	struct explored e;

	explored_start(&e, "processes", "orphan");
	explored_run(&e, RT_POLICY_RANDOM, 1, 10);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 0\norphan\n") == 10);
	explored_end(&e);
}

void suite_rt_processes(void)
{
	static const struct test_case cases[] = {
		{ "a child runs and is waited for", a_child_runs_and_is_waited_for },
		{ "a semaphore that a child posts is waited for",
		  a_semaphore_that_a_child_posts_is_waited_for },
		{ "time passes for both while parent and child sleep",
		  time_passes_for_both_while_parent_and_child_sleep },
		{ "other programs are named", other_programs_are_named },
		{ "a lock that another thread held hangs the child",
		  a_lock_that_another_thread_held_hangs_the_child },
		{ "a child that waits forever is seen", a_child_that_waits_forever_is_seen },
		{ "an orphan is waited for and its output is kept",
		  an_orphan_is_waited_for_and_its_output_is_kept },
	};

	test_suite("rt_processes", cases, ARRAY_SIZE(cases));
}
