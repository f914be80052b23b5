// Both compilers' instrumentation: the same programs, explored equally.
#include "test/explored.h"

#include <stdlib.h>
#include <string.h>

static const char *const compilers[] = { "clang", "gcc" };

// Each outcome of the one is one of the other, and so is each kind of finding.
static void check_equal(const char *name, const char *arg)
{
	struct explored e[2];

	for (int i = 0; i < 2; i++) {
		explored_start_by(&e[i], compilers[i], name, arg);
		explored_widely(&e[i], 1, 200);
	}
	for (int i = 0; i < 2; i++) {
		for (unsigned k = 0; k < e[i].nr_outcomes; k++)
			CHECK_AT(e[i].outcomes[k].text,
				 explored_outcome(&e[1 - i], e[i].outcomes[k].text) > 0);
		for (unsigned k = 0; k < e[i].nr_findings; k++)
			CHECK_AT(name, explored_finding(&e[1 - i], e[i].findings[k].finding.kind) !=
					       NULL);
	}
	explored_end(&e[0]);
	explored_end(&e[1]);
}

static void programs_of_both_are_explored_equally(void)
{
	static const char *const programs[][2] = {
		{ "balance", "1" },
		{ "strings", "memset" },
		{ "strings", "assign" },
		{ "strings", "+strcpy" },
		{ "annotated", "mutex" },
		{ "annotated", "" },
		{ "coroutines", "told+race" },
		{ "streams", "crossed" },
		{ "faults", "null" },
		{ "descriptors", "pipe" },
		{ "limits", "use" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		check_equal(programs[i][0], programs[i][1]);
}

static void an_event_loop_runs_in_virtual_time(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(compilers); i++) {
		struct explored e;

		explored_start_by(&e, compilers[i], "event_loop", NULL);
		explored_widely(&e, 1, 100);
		CHECK_AT(explored_words(&e), e.nr_findings == 0);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: ababab") == 300);
		CHECK_NUMBER(e.warm.shared->nr_uncontrolled, 0);
		explored_end(&e);
	}
}

static const char *const all_compilers[] = { "clang", "gcc", "clang -O2", "gcc -O2" };

// What the optimiser leaves of a program is explored like any other.
static void optimised_programs_are_explored(void)
{
	for (size_t i = 2; i < ARRAY_SIZE(all_compilers); i++) {
		struct explored e;

		explored_start_by(&e, all_compilers[i], "balance", "1");
		explored_widely(&e, 1, 100);
		CHECK_AT(all_compilers[i], explored_finding(&e, RT_FOUND_RACE) != NULL);
		explored_end(&e);
		explored_start_by(&e, all_compilers[i], "abba", NULL);
		explored_widely(&e, 1, 100);
		CHECK_AT(all_compilers[i], explored_finding(&e, RT_FOUND_STUCK) != NULL);
		explored_end(&e);
		explored_start_by(&e, all_compilers[i], "condvar", "signals");
		explored_widely(&e, 1, 300);
		CHECK_AT(explored_words(&e), e.nr_findings == 0);
		CHECK_AT(explored_words(&e),
			 explored_outcome(&e, "exit 0: items 0 taken 2\n") == 900);
		explored_end(&e);
		explored_start_by(&e, all_compilers[i], "jumps", "long");
		explored_widely(&e, 1, 20);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: ") == 60);
		explored_end(&e);
	}
}

static void check_wide(const char *compiler, const char *how, const char *outcome, bool race)
{
	struct explored e;

	explored_start_by(&e, compiler, "wide", how);
	explored_widely(&e, 1, 200);
	CHECK_AT(compiler, (explored_finding(&e, RT_FOUND_RACE) != NULL) == race);
	CHECK_AT(explored_words(&e), e.nr_findings == 0 || race);
	CHECK_AT(explored_words(&e), explored_outcome(&e, outcome) == 600);
	explored_end(&e);
}

static void wide_atomics_are_atomics(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(all_compilers); i++) {
		check_wide(all_compilers[i], "order", "exit 0: ", false);
		check_wide(all_compilers[i], "whole", "exit 0: 6\n", false);
		check_wide(all_compilers[i], "relaxed", "exit 0: ", true);
	}
}

static void volatile_is_no_lock(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(all_compilers); i++) {
		struct explored e;

		explored_start_by(&e, all_compilers[i], "wide", "count");
		explored_widely(&e, 1, 200);
		CHECK_AT(all_compilers[i], explored_finding(&e, RT_FOUND_RACE) != NULL);
		CHECK_AT(all_compilers[i], explored_outcome(&e, "exit 0: 1\n") > 0);
		CHECK_AT(all_compilers[i], explored_outcome(&e, "exit 0: 2\n") > 0);
		explored_end(&e);
	}
}

void suite_rt_compilers(void)
{
	static const struct test_case cases[] = {
		{ "programs of both are explored equally", programs_of_both_are_explored_equally },
		{ "an event loop runs in virtual time", an_event_loop_runs_in_virtual_time },
		{ "optimised programs are explored", optimised_programs_are_explored },
		{ "wide atomics are atomics", wide_atomics_are_atomics },
		{ "volatile is no lock", volatile_is_no_lock },
	};

	test_suite("rt_compilers", cases, ARRAY_SIZE(cases));
}
