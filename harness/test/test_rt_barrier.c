// Barriers under control.
#include "test/rt_use.h"

static void right_uses_come_out_right(void)
{
	use_is_right("barrier", "in-rounds", "exit 0: sums 6 6 serial 4\n");
	use_is_right("barrier", "in-crews", "exit 0: serial 2\n");
}

static void what_comes_after_the_barrier_is_not_ordered(void)
{
	use_is_found("barrier", "hasty", RT_FOUND_RACE);
}

static void a_thread_too_few_is_stuck(void)
{
	struct rt_finding found = use_found("barrier", "too-few", RT_FOUND_STUCK);
	bool told = false;

	for (unsigned i = 0; i < found.nr_sites; i++)
		told |= found.sites[i].object_type == RT_BARRIER;
	CHECK_AT("too few", told);
}

static void misuse_is_found(void)
{
	use_is_found("barrier", "for-nobody", RT_FOUND_BARRIER_MISUSE);
	use_is_found("barrier", "destroyed-while-waited-on", RT_FOUND_BARRIER_MISUSE);
	use_is_found("barrier", "never-made", RT_FOUND_BARRIER_MISUSE);
}

void suite_rt_barrier(void)
{
	static const struct test_case cases[] = {
		{ "right uses come out right", right_uses_come_out_right },
		{ "what comes after the barrier is not ordered",
		  what_comes_after_the_barrier_is_not_ordered },
		{ "a thread too few is stuck", a_thread_too_few_is_stuck },
		{ "misuse is found", misuse_is_found },
	};

	test_suite("rt_barrier", cases, ARRAY_SIZE(cases));
}
