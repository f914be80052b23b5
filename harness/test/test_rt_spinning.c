// Threads that spin are livelocked only when none can ever do anything else.
#include "test/rt_use.h"

// By both compilers, at -O0 and, where a counter may live in a register, -O2.
static void check_by_each(const char *use, const char *outcome, bool livelock)
{
	static const char *const compilers[] = { "clang", "gcc", "clang -O2", "gcc -O2" };

	for (size_t i = 0; i < ARRAY_SIZE(compilers); i++) {
		struct explored e;

		explored_start_by(&e, compilers[i], "spinning", use);
		explored_run(&e, RT_POLICY_RANDOM, 1, 20);
		CHECK_AT(compilers[i], explored_outcome(&e, outcome) == e.iterations);
		CHECK_AT(use, (explored_finding(&e, RT_FOUND_LIVELOCK) != NULL) == livelock);
		explored_end(&e);
	}
}

static void who_waits_for_what_nobody_sets_is_livelocked_at_once(void)
{
	static const char *const uses[] = { "never-set", "never-set-volatile", "never-set-yielding",
					    "never-set-backing-off" };

	for (size_t i = 0; i < ARRAY_SIZE(uses); i++)
		check_by_each(uses[i], "livelock: ", true);
}

static void spin_locks_in_a_cycle_are_a_livelock(void)
{
	use_is_found("spinning", "two-locks", RT_FOUND_LIVELOCK);
	use_comes_to("spinning", "two-locks", "exit 0: ");
}

static void who_goes_round_for_a_long_time_is_not(void)
{
	check_by_each("yields", "exit 0: ", false);
	check_by_each("reads", "exit 0: 0\n", false);
	check_by_each("tries", "exit 0: 0\n", false);
}

void suite_rt_spinning(void)
{
	static const struct test_case cases[] = {
		{ "who waits for what nobody sets is livelocked at once",
		  who_waits_for_what_nobody_sets_is_livelocked_at_once },
		{ "spin locks in a cycle are a livelock", spin_locks_in_a_cycle_are_a_livelock },
		{ "who goes round for a long time is not", who_goes_round_for_a_long_time_is_not },
	};

	test_suite("rt_spinning", cases, ARRAY_SIZE(cases));
}
