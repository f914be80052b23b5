// What programs take from outside, and functions with hidden variables.
#include "test/explored.h"

#include <string.h>

// One schedule, in two processes: all numbers are the same.
static void check_same(const char *how)
{
	struct explored first, second;

	explored_start(&first, "inputs", how);
	explored_run(&first, RT_POLICY_ROUND_ROBIN, 1, 20);
	explored_start(&second, "inputs", how);
	explored_run(&second, RT_POLICY_ROUND_ROBIN, 2, 20);
	CHECK_AT(explored_words(&first), first.nr_outcomes == 1);
	CHECK_AT(explored_words(&second), second.nr_outcomes == 1);
	CHECK_TEXT(first.outcomes[0].text, second.outcomes[0].text);
	CHECK_NUMBER(first.warm.shared->result.event_hash, second.warm.shared->result.event_hash);
	explored_end(&first);
	explored_end(&second);
}

static void the_same_schedule_gets_the_same_numbers(void)
{
	check_same("random");
	check_same("ids");
	check_same("devices");
	check_same("own-state");
	check_same("clocks");
}

static void threads_race_on_hidden_variables(void)
{
	static const char *const ways[] = { "strtok", "localtime", "setenv", "rand_r", "getenv" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		bool racy = strcmp(ways[i], "getenv") != 0;
		struct explored e;

		explored_start(&e, "inputs", ways[i]);
		explored_run(&e, RT_POLICY_RANDOM, 1, 50);
		CHECK_AT(ways[i], (explored_finding(&e, RT_FOUND_RACE) != NULL) == racy);
		explored_end(&e);
	}
}

void suite_rt_input(void)
{
	static const struct test_case cases[] = {
		{ "the same schedule gets the same numbers",
		  the_same_schedule_gets_the_same_numbers },
		{ "threads race on hidden variables", threads_race_on_hidden_variables },
	};

	test_suite("rt_input", cases, ARRAY_SIZE(cases));
}
