// Whatever a program does, the explorer lives, and the next iteration is as the first.
#include "test/explored.h"

#include <stdlib.h>
#include <string.h>

enum { TIMES = 5 };

static void check_all(const char *how, const char *outcome)
{
	struct explored e;

	explored_start(&e, "hostile", how);
	explored_run(&e, RT_POLICY_RANDOM, 1, TIMES);
	CHECK_AT(how, e.nr_findings == 0);
	CHECK_AT(explored_words(&e), explored_outcome(&e, outcome) == TIMES);
	explored_end(&e);
}

static void what_it_does_to_itself_is_its_outcome(void)
{
	check_all("close", "exit 0: ");
	check_all("read", "exit 0: 0\n");
	check_all("signals", "exit 0: taken\n");
	check_all("limit", "exit 0: limited\n");
	check_all("exit", "exit 5: ");
}

static void what_it_does_to_others_does_not_reach_us(void)
{
	struct explored e;

	check_all("group", "signal 9: ");
	check_all("parent", "exit 0: -1 -1\n");
	explored_start(&e, "hostile", "all");
	explored_run(&e, RT_POLICY_RANDOM, 1, TIMES);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 6: ") == TIMES);
	CHECK_NUMBER(e.warm.shared->nr_uncontrolled, 1);
	CHECK_TEXT(e.warm.shared->uncontrolled[0].name, "kill() of all processes");
	explored_end(&e);
}

static void what_it_leaves_behind_is_ended(void)
{
	static const char *const ways[][2] = { { "daemon", "exit 0: " },
					       { "child", "exit 0: left\n" } };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		explored_start(&e, "hostile", ways[i][0]);
		explored_run(&e, RT_POLICY_RANDOM, 1, TIMES);
		CHECK_AT(explored_words(&e), explored_outcome(&e, ways[i][1]) == TIMES);
		CHECK_AT(ways[i][0], e.warm.shared->result.processes);
		explored_end(&e);
	}
}

static void output_without_end_ends_with_the_limits_name(void)
{
	struct explored e;

	explored_start(&e, "hostile", "write");
	explored_run(&e, RT_POLICY_RANDOM, 1, 2);
	CHECK_NUMBER(e.warm.shared->result.ending, RT_END_LIMIT);
	CHECK_HAS(e.warm.shared->result.limit, "64 MiB");
	CHECK_NUMBER(e.warm.shared->result.out_len, 64 << 20);
	explored_end(&e);
}

static void a_loop_that_nobody_sees_is_ended(void)
{
	struct explored e;

	explored_start(&e, "hostile", "loop");
	e.request.rt.wall_ms = 200;
	explored_run(&e, RT_POLICY_RANDOM, 1, 3);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "wall: ") == 3);
	explored_end(&e);
}

// Each is named with its place, once.
static void what_is_not_controlled_is_named(void)
{
	static const char *const ways[][2] = {
		{ "setitimer", "setitimer() of processor time" },
		{ "mq_timedsend", "mq_timedsend" },
		{ "mq_receive", "mq_receive" },
		{ "msgsnd", "msgsnd" },
		{ "semop", "semop" },
		{ "semtimedop", "semtimedop" },
		{ "priority", "sched_setscheduler" },
		{ "thread-priority", "pthread_setschedparam" },
		{ "futex", "syscall(SYS_futex)" },
		{ "io_uring", "syscall(SYS_io_uring_enter)" },
		{ "clone", "clone" },
		{ "spawn", "posix_spawn" },
		{ "system", "system" },
		{ "popen", "popen" },
		{ "writev", "writev() of more than a page" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		const struct rt_shared *shared;
		struct explored e;

		explored_start(&e, "uncontrolled", ways[i][0]);
		explored_run(&e, RT_POLICY_RANDOM, 1, 3);
		shared = e.warm.shared;
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: ") == 3);
		CHECK_NUMBER(shared->nr_uncontrolled, 1);
		CHECK_TEXT_AT(ways[i][0], shared->uncontrolled[0].name, ways[i][1]);
		CHECK_AT(ways[i][0], shared->uncontrolled[0].pc != 0);
		explored_end(&e);
	}
}

static void what_need_not_be_named_is_controlled(void)
{
	static const char *const ways[][2] = { { "ids", "exit 0: 1 1\n" },
					       { "affinity", "exit 0: 0 0\n" },
					       { "send", "exit 0: 1000000\n" },
					       { "connect", "exit 0: 0 x\n" } };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		explored_start(&e, "uncontrolled", ways[i][0]);
		explored_run(&e, RT_POLICY_RANDOM, 1, 20);
		explored_run(&e, RT_POLICY_PCT, 1, 20);
		CHECK_AT(explored_words(&e), explored_outcome(&e, ways[i][1]) == 40);
		CHECK_NUMBER(e.warm.shared->nr_uncontrolled, 0);
		explored_end(&e);
	}
}

static void memory_that_clone_shares_is_a_limit(void)
{
	struct explored e;

	explored_start(&e, "uncontrolled", "clone-thread");
	explored_run(&e, RT_POLICY_RANDOM, 1, 2);
	CHECK_NUMBER(e.warm.shared->result.ending, RT_END_LIMIT);
	CHECK_HAS(e.warm.shared->result.limit, "clone()");
	explored_end(&e);
}

static void a_thread_before_main_is_named(void)
{
	struct explored e;

	explored_start(&e, "early", NULL);
	explored_run(&e, RT_POLICY_RANDOM, 1, 3);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: main\n") == 3);
	CHECK_NUMBER(e.warm.shared->nr_uncontrolled, 1);
	CHECK_TEXT(e.warm.shared->uncontrolled[0].name, "a thread that was created before main()");
	CHECK_AT("place", e.warm.shared->uncontrolled[0].pc != 0);
	explored_end(&e);
}

void suite_rt_hostile(void)
{
	static const struct test_case cases[] = {
		{ "what it does to itself is its outcome", what_it_does_to_itself_is_its_outcome },
		{ "what it does to others does not reach us",
		  what_it_does_to_others_does_not_reach_us },
		{ "what it leaves behind is ended", what_it_leaves_behind_is_ended },
		{ "output without end ends with the limit's name",
		  output_without_end_ends_with_the_limits_name },
		{ "a loop that nobody sees is ended", a_loop_that_nobody_sees_is_ended },
		{ "what is not controlled is named", what_is_not_controlled_is_named },
		{ "what need not be named is controlled", what_need_not_be_named_is_controlled },
		{ "memory that clone() shares is a limit", memory_that_clone_shares_is_a_limit },
		{ "a thread before main() is named", a_thread_before_main_is_named },
	};

	test_suite("rt_hostile", cases, ARRAY_SIZE(cases));
}
