// Mutexes under control.
#include "test/rt_use.h"

static void right_uses_come_out_right(void)
{
	use_always("mutex", "three", "exit 0: count 3\n", RT_FOUND_NR);
	use_always("mutex", "recursive", "exit 0: count 4\n", RT_FOUND_NR);
	use_always("mutex", "made-again", "exit 0: count 3\n", RT_FOUND_NR);
	use_comes_to("mutex", "tried", "exit 0: 0\n");
	use_comes_to("mutex", "tried", "exit 0: EBUSY\n");
}

static void timed_locks_tell_what_ended_them(void)
{
	use_comes_to("mutex", "timed", "exit 0: 0\n");
	use_comes_to("mutex", "timed", "exit 0: ETIMEDOUT\n");
	use_comes_to("mutex", "time-is-up", "exit 0: ETIMEDOUT\n0\n");
}

static void one_that_checks_tells_its_owner_and_others(void)
{
	use_always("mutex", "checking", "exit 0: 0 EDEADLK EBUSY 0\n", RT_FOUND_NR);
	use_comes_to("mutex", "checking-foreign", "exit 0: EPERM\nEBUSY\n");
}

static void a_robust_one_outlives_its_owner(void)
{
	use_always("mutex", "robust", "exit 0: EINVAL EOWNERDEAD 0 0 0\n", RT_FOUND_NR);
	use_always("mutex", "unrepaired", "exit 0: EOWNERDEAD 0 ENOTRECOVERABLE\n", RT_FOUND_NR);
	use_always("mutex", "inherited", "exit 0: 0\ncount 3\n", RT_FOUND_NR);
	use_always("mutex", "abandoned-twice", "exit 0: EOWNERDEAD 0 EINVAL 0 2\n", RT_FOUND_NR);
	use_always("mutex", "given-up", "exit 0: EOWNERDEAD 0 ENOTRECOVERABLE\n", RT_FOUND_NR);
	use_comes_to("mutex", "not-robust", "stuck: ");
}

static void misuse_is_found(void)
{
	use_is_found("mutex", "again", RT_FOUND_DOUBLE_LOCK);
	use_comes_to("mutex", "again", "stuck: ");
	use_is_found("mutex", "unlocked-by-another", RT_FOUND_BAD_UNLOCK);
	use_is_found("mutex", "unlocked-twice", RT_FOUND_BAD_UNLOCK);
	use_comes_to("mutex", "unlocked-twice", "exit 0: 0\n");
	use_is_found("mutex", "destroyed-while-held", RT_FOUND_DESTROY_LOCKED);
	use_comes_to("mutex", "destroyed-while-held", "exit 0: EBUSY\n");
	use_is_found("mutex", "used-after-destroy", RT_FOUND_INVALID_LOCK);
	use_comes_to("mutex", "used-after-destroy", "exit 0: EINVAL\n");
	use_is_found("mutex", "made-while-held", RT_FOUND_API_MISUSE);
}

static void one_whose_owner_has_ended_may_be_made_again(void)
{
	use_always("mutex", "made-after-its-owner", "exit 0: ", RT_FOUND_NR);
}

void suite_rt_mutex(void)
{
	static const struct test_case cases[] = {
		{ "right uses come out right", right_uses_come_out_right },
		{ "timed locks tell what ended them", timed_locks_tell_what_ended_them },
		{ "one that checks tells its owner and others",
		  one_that_checks_tells_its_owner_and_others },
		{ "a robust one outlives its owner", a_robust_one_outlives_its_owner },
		{ "misuse is found", misuse_is_found },
		{ "one whose owner has ended may be made again",
		  one_whose_owner_has_ended_may_be_made_again },
	};

	test_suite("rt_mutex", cases, ARRAY_SIZE(cases));
}
