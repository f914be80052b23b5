// Pipes, sockets, event counters, timers: between the threads of one program.
#include "test/explored.h"

static void threads_wait_for_each_other_by_descriptors(void)
{
	static const char *const ways[] = { "pipe",   "socket", "eventfd", "poll",
					    "select", "epoll",  "spin" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		explored_start(&e, "descriptors", ways[i]);
		explored_widely(&e, 1, i ? 200 : 2000);
		CHECK_AT(explored_words(&e), e.nr_findings == 0);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 1 7\n") == e.iterations);
		CHECK_NUMBER(e.warm.shared->nr_uncontrolled, 0);
		explored_end(&e);
	}
}

static void what_comes_after_the_write_is_not_ordered(void)
{
	struct explored e;

	explored_start(&e, "descriptors", "late");
	explored_run(&e, RT_POLICY_RANDOM, 1, 100);
	CHECK_AT(explored_words(&e), explored_finding(&e, RT_FOUND_RACE) != NULL);
	explored_end(&e);
}

static void a_pipe_that_is_full_blocks_its_writer_alone(void)
{
	struct explored e;

	explored_start(&e, "descriptors", "big");
	explored_widely(&e, 1, 30);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 200000\n") == 90);
	explored_end(&e);
}

static void a_reader_that_nobody_writes_to_is_stuck(void)
{
	const struct rt_finding *stuck;
	struct explored e;

	explored_start(&e, "descriptors", "deaf");
	explored_run(&e, RT_POLICY_RANDOM, 1, 20);
	stuck = explored_finding(&e, RT_FOUND_STUCK);
	CHECK_AT(explored_words(&e), stuck != NULL);
	if (stuck)
		CHECK_NUMBER(stuck->sites[1].object_type, RT_FD);
	explored_end(&e);
}

static void locks_of_files_exclude_threads(void)
{
	struct explored e;

	explored_start(&e, "descriptors", "file");
	explored_widely(&e, 1, 200);
	CHECK_NUMBER(explored_outcome(&e, "exit 0: abab"), 600);
	explored_end(&e);
}

static void time_outs_and_timers_follow_virtual_time(void)
{
	struct explored e;

	explored_start(&e, "descriptors", "time-out");
	explored_widely(&e, 1, 200);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 3600\n") == 600);
	explored_end(&e);
	explored_start(&e, "descriptors", "timer");
	explored_widely(&e, 1, 200);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 1 3 95\n") == 600);
	explored_end(&e);
}

void suite_rt_descriptors(void)
{
	static const struct test_case cases[] = {
		{ "threads wait for each other by descriptors",
		  threads_wait_for_each_other_by_descriptors },
		{ "what comes after the write is not ordered",
		  what_comes_after_the_write_is_not_ordered },
		{ "a pipe that is full blocks its writer alone",
		  a_pipe_that_is_full_blocks_its_writer_alone },
		{ "a reader that nobody writes to is stuck",
		  a_reader_that_nobody_writes_to_is_stuck },
		{ "locks of files exclude threads", locks_of_files_exclude_threads },
		{ "time-outs and timers follow virtual time",
		  time_outs_and_timers_follow_virtual_time },
	};

	test_suite("rt_descriptors", cases, ARRAY_SIZE(cases));
}
