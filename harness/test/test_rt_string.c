// Memory that a program touches through the C library.
#include "test/explored.h"

#include <stdlib.h>

static const char *const ways[] = { "memcpy",  "memset", "memmove",  "strcpy",
				    "strncpy", "strcat", "snprintf", "assign" };

static void an_unlocked_use_is_a_race(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		explored_start(&e, "strings", ways[i]);
		explored_run(&e, RT_POLICY_RANDOM, 1, 50);
		CHECK_AT(ways[i], explored_finding(&e, RT_FOUND_RACE) != NULL);
		explored_end(&e);
	}
}

static void the_same_under_a_lock_is_none(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		char *way = xasprintf("+%s", ways[i]);
		struct explored e;

		explored_start(&e, "strings", way);
		explored_widely(&e, 1, i ? 200 : 2000);
		CHECK_AT(explored_words(&e), e.nr_findings == 0);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: before\n") > 0);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: after\n") > 0);
		CHECK_AT(explored_words(&e), e.nr_outcomes == 2);
		explored_end(&e);
		free(way);
	}
}

void suite_rt_string(void)
{
	static const struct test_case cases[] = {
		{ "an unlocked use is a race", an_unlocked_use_is_a_race },
		{ "the same under a lock is none", the_same_under_a_lock_is_none },
	};

	test_suite("rt_string", cases, ARRAY_SIZE(cases));
}
