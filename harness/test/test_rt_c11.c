// C11 threads under control.
#include "test/rt_use.h"

static void right_uses_come_out_right(void)
{
	use_is_right("c11", "mutex", "exit 0: 7 7 count 2 made 0 destroyed 0\n");
	use_is_right("c11", "tried", "exit 0: 0 0 count 2 made 0 destroyed 0\n");
	use_is_right("c11", "condition", "exit 0: 8 9 count 0 made 0 destroyed 0\n");
	// Only a wait on a POSIX condition variable may end without a signal.
	use_is_right("c11", "if", "exit 0: 8 9 count 1 made 0 destroyed 0\n");
	use_is_right("c11", "once", "exit 0: 1 1 count 0 made 1 destroyed 0\n");
	use_is_right("c11", "keys", "exit 0: 1 1 count 0 made 0 destroyed 11\n");
	use_is_right("c11", "again", "exit 0: 0 0 count 0 made 0 destroyed 0\n");
	use_is_right("c11", "sleep", "exit 0: 0 count 0 made 0 destroyed 0\n");
}

static void timed_waits_tell_what_ended_them(void)
{
	use_has_outcomes("c11", "timed",
			 (const char *[]){ "exit 0: full\n8 0 count 0 made 0 destroyed 0\n",
					   "exit 0: timed out\n8 0 count 0 made 0 destroyed 0\n" },
			 2);
}

static void wrong_uses_are_found(void)
{
	use_is_found("c11", "bare", RT_FOUND_RACE);
	use_is_found("c11", "cross", RT_FOUND_STUCK);
	use_is_found("c11", "forever", RT_FOUND_STUCK);
}

void suite_rt_c11(void)
{
	static const struct test_case cases[] = {
		{ "right uses come out right", right_uses_come_out_right },
		{ "timed waits tell what ended them", timed_waits_tell_what_ended_them },
		{ "wrong uses are found", wrong_uses_are_found },
	};

	test_suite("rt_c11", cases, ARRAY_SIZE(cases));
}
