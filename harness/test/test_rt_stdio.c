// Streams between threads: their locks, and what is printed.
#include "test/explored.h"

static void a_call_prints_whole_and_flockfile_keeps_calls_together(void)
{
	static const char *const ways[] = { "whole", "locked", "try" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		explored_start(&e, "streams", ways[i]);
		explored_widely(&e, 1, i == 1 ? 2000 : 500);
		CHECK_AT(explored_words(&e), e.nr_findings == 0);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: abcd") > 0);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: cdab") > 0);
		CHECK_AT(explored_words(&e), e.nr_outcomes == 2);
		explored_end(&e);
	}
}

static void calls_without_it_come_in_between(void)
{
	struct explored e;

	explored_start(&e, "streams", "parts");
	explored_run(&e, RT_POLICY_RANDOM, 1, 500);
	CHECK_AT(explored_words(&e), e.nr_findings == 0);
	CHECK_AT(explored_words(&e), e.nr_outcomes == 6);
	explored_end(&e);
}

static void check_found(const char *how, enum rt_finding_kind kind)
{
	struct explored e;

	explored_start(&e, "streams", how);
	explored_run(&e, RT_POLICY_RANDOM, 1, 100);
	CHECK_AT(explored_words(&e), explored_finding(&e, kind) != NULL);
	explored_end(&e);
}

static void wrong_uses_are_found(void)
{
	check_found("crossed", RT_FOUND_STUCK);
	check_found("forgotten", RT_FOUND_STUCK);
	check_found("forgotten", RT_FOUND_LOCK_HELD);
	check_found("foreign", RT_FOUND_BAD_UNLOCK);
}

static void printing_orders_nothing_but_flockfile_does(void)
{
	struct explored e;

	check_found("order", RT_FOUND_RACE);
	explored_start(&e, "streams", "ordered");
	explored_widely(&e, 1, 300);
	CHECK_AT(explored_words(&e), e.nr_findings == 0);
	explored_end(&e);
}

void suite_rt_stdio(void)
{
	static const struct test_case cases[] = {
		{ "a call prints whole and flockfile keeps calls together",
		  a_call_prints_whole_and_flockfile_keeps_calls_together },
		{ "calls without it come in between", calls_without_it_come_in_between },
		{ "wrong uses are found", wrong_uses_are_found },
		{ "printing orders nothing but flockfile does",
		  printing_orders_nothing_but_flockfile_does },
	};

	test_suite("rt_stdio", cases, ARRAY_SIZE(cases));
}
