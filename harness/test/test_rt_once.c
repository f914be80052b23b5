// pthread_once() under control; the fixture has made something once before its main().
#include "test/rt_use.h"

static void it_is_done_once(void)
{
	use_is_right("once", "once", "exit 0: made 2\n");
	use_is_right("once", "made-early", "exit 0: made 1\n");
}

static void by_hand_it_is_a_race(void)
{
	use_is_found("once", "by-hand", RT_FOUND_RACE);
	use_comes_to("once", "by-hand", "exit 0: made 3\n");
}

static void within_itself_it_is_stuck(void)
{
	struct rt_finding found = use_found("once", "within", RT_FOUND_STUCK);

	CHECK_NUMBER(found.sites[0].object_type, RT_ONCE);
	CHECK_NUMBER(found.sites[0].holders[0].thread, 0);
	use_is_found("once", "crosswise", RT_FOUND_STUCK);
}

// POSIX: as if pthread_once() had never been called.
static void an_init_routine_that_is_left_was_never_called(void)
{
	use_is_right("once", "left", "exit 0: made 2\n");
	use_is_right("once", "cancelled", "exit 0: made 1\n");
}

void suite_rt_once(void)
{
	static const struct test_case cases[] = {
		{ "it is done once", it_is_done_once },
		{ "by hand it is a race", by_hand_it_is_a_race },
		{ "within itself it is stuck", within_itself_it_is_stuck },
		{ "an init routine that is left was never called",
		  an_init_routine_that_is_left_was_never_called },
	};

	test_suite("rt_once", cases, ARRAY_SIZE(cases));
}
