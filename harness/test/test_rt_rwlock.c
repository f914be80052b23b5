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

// The writer's wait names both readers.
static void a_wait_names_those_who_read(void)
{
	const struct rt_finding *stuck;
	struct explored e;
	unsigned readers = 0;

	explored_start(&e, "rwlock", "crossed");
	for (uint64_t seed = 1; readers < 2 && e.iterations < 2000; seed++) {
		explored_run(&e, RT_POLICY_RANDOM, seed, 1);
		stuck = e.warm.shared->result.findings;
		for (unsigned i = 0; e.warm.shared->result.nr_findings && i < stuck->nr_sites;
		     i++) {
			const struct rt_site *site = &stuck->sites[i];

			if (site->object_type != RT_RWLOCK || site->nr_holders < 2)
				continue;
			readers = site->nr_holders;
			CHECK_NUMBER(site->thread, 3);
			for (unsigned k = 0; k < 2; k++) {
				CHECK_NUMBER(site->holders[k].thread, k + 1);
				CHECK_AT("reads", site->holders[k].reads && site->holders[k].pc);
				CHECK_AT("reads", !site->holders[k].ended);
			}
		}
	}
	CHECK_NUMBER(readers, 2);
	explored_end(&e);
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
		{ "a wait names those who read", a_wait_names_those_who_read },
		{ "misuse is found", misuse_is_found },
	};

	test_suite("rt_rwlock", cases, ARRAY_SIZE(cases));
}
