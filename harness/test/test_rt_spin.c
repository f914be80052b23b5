// Spin locks under control.
#include "test/rt_use.h"

static void right_uses_come_out_right(void)
{
	use_is_right("spin", "locked", "exit 0: count 3\n");
	use_is_right("spin", "tried", "exit 0: count 2\n");
}

static void a_lock_that_was_not_got_protects_nothing(void)
{
	use_is_found("spin", "ignored", RT_FOUND_RACE);
	use_comes_to("spin", "ignored", "exit 0: count 1\n");
}

static void misuse_is_found(void)
{
	use_is_found("spin", "again", RT_FOUND_DOUBLE_LOCK);
	use_comes_to("spin", "again", "stuck: ");
	use_is_found("spin", "unlocked-by-another", RT_FOUND_BAD_UNLOCK);
	use_is_found("spin", "destroyed-while-held", RT_FOUND_DESTROY_LOCKED);
	use_is_found("spin", "used-after-destroy", RT_FOUND_INVALID_LOCK);
}

void suite_rt_spin(void)
{
	static const struct test_case cases[] = {
		{ "right uses come out right", right_uses_come_out_right },
		{ "a lock that was not got protects nothing",
		  a_lock_that_was_not_got_protects_nothing },
		{ "misuse is found", misuse_is_found },
	};

	test_suite("rt_spin", cases, ARRAY_SIZE(cases));
}
