// Accesses that conflict: with which earlier ones.
#include "test/rt_use.h"

// Threads 1 and 2 write, thread 3 reads. Whether the read was found to race with that write.
static bool races_with(const struct rt_result *result, uint32_t writer)
{
	for (uint32_t i = 0; i < result->nr_findings; i++) {
		const struct rt_finding *found = &result->findings[i];

		if (found->kind == RT_FOUND_RACE && found->sites[0].op == RT_OP_READ &&
		    found->sites[0].thread == 3 && found->sites[1].thread == writer)
			return true;
	}
	return false;
}

/*
 * Of six orders of three accesses, one has both writes before the read: seen in about a sixth
 * of the schedules or more; in none of 300 with (5/6)^300 < 1e-23.
 */
static void check(const char *use, bool second_races)
{
	unsigned first = 0, second = 0, both = 0;
	struct explored e;

	explored_start(&e, "races", use);
	for (uint64_t seed = 1; seed <= 300; seed++) {
		const struct rt_result *result = &e.warm.shared->result;

		explored_run(&e, RT_POLICY_RANDOM, seed, 1);
		first += races_with(result, 1);
		second += races_with(result, 2);
		both += races_with(result, 1) && races_with(result, 2);
	}
	CHECK_AT(use, first > 0);
	CHECK_AT(use, (second > 0) == second_races);
	CHECK_AT(use, (both > 0) == second_races);
	explored_end(&e);
}

static void a_read_races_with_each_write_that_is_not_ordered_before_it(void)
{
	check("second-ordered", false);
	check("none-ordered", true);
}

/*
 * The write comes before the second read in about a quarter of the schedules; in none of 300
 * with (3/4)^300 < 1e-37.
 */
static void a_repeated_read_races_with_what_was_written_since(void)
{
	unsigned between = 0;
	struct explored e;

	explored_start(&e, "races", "between");
	for (uint64_t seed = 1; seed <= 300; seed++) {
		explored_run(&e, RT_POLICY_RANDOM, seed, 1);
		between += races_with(&e.warm.shared->result, 4);
	}
	CHECK_AT("between", between > 0);
	explored_end(&e);
}

void suite_rt_races(void)
{
	static const struct test_case cases[] = {
		{ "a read races with each write that is not ordered before it",
		  a_read_races_with_each_write_that_is_not_ordered_before_it },
		{ "a repeated read races with what was written since",
		  a_repeated_read_races_with_what_was_written_since },
	};

	test_suite("rt_races", cases, ARRAY_SIZE(cases));
}
