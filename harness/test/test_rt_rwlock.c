// Read-write locks under control.
#include "test/rt_use.h"

static void right_uses_come_out_right(void)
{
	use_is_right("rwlock", "right", "exit 0: a 2 b 2\n");
	use_is_right("rwlock", "tried", "exit 0: done\n");
	use_is_right("rwlock", "read-again", "exit 0: done\n");
}

static void readers_meet(void)
{
	use_has_outcomes("rwlock", "together",
			 (const char *[]){ "exit 0: readers 1\n", "exit 0: readers 2\n" }, 2);
}

static void timed_locks_tell_what_ended_them(void)
{
	use_has_outcomes("rwlock", "timed",
			 (const char *[]){ "exit 0: in time\n", "exit 0: Connection timed out\n" },
			 2);
	use_comes_to("rwlock", "time-is-up", "exit 0: Connection timed out\n0\n");
}

static void readers_that_write_race(void)
{
	use_is_found("rwlock", "reads-as-writes", RT_FOUND_RACE);
	use_is_found("rwlock", "readers-writing", RT_FOUND_RACE);
}

static void a_reader_behind_a_preferred_writer_is_stuck(void)
{
	use_is_found("rwlock", "read-again-behind-writer", RT_FOUND_STUCK);
}

static void misuse_is_found(void)
{
	use_is_found("rwlock", "upgrade", RT_FOUND_RWLOCK_MISUSE);
	use_comes_to("rwlock", "upgrade", "stuck: ");
	use_is_found("rwlock", "write-again", RT_FOUND_RWLOCK_MISUSE);
	use_comes_to("rwlock", "write-again", "exit 0: 1\n");
	use_is_found("rwlock", "unlocked-by-another", RT_FOUND_RWLOCK_MISUSE);
	use_is_found("rwlock", "destroyed-while-read", RT_FOUND_DESTROY_LOCKED);
}

void suite_rt_rwlock(void)
{
	static const struct test_case cases[] = {
		{ "right uses come out right", right_uses_come_out_right },
		{ "readers meet", readers_meet },
		{ "timed locks tell what ended them", timed_locks_tell_what_ended_them },
		{ "readers that write race", readers_that_write_race },
		{ "a reader behind a preferred writer is stuck",
		  a_reader_behind_a_preferred_writer_is_stuck },
		{ "misuse is found", misuse_is_found },
	};

	test_suite("rt_rwlock", cases, ARRAY_SIZE(cases));
}
