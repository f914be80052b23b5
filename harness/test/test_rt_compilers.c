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

void suite_rt_compilers(void)
{
	static const struct test_case cases[] = {
		{ "programs of both are explored equally", programs_of_both_are_explored_equally },
		{ "an event loop runs in virtual time", an_event_loop_runs_in_virtual_time },
	};

	test_suite("rt_compilers", cases, ARRAY_SIZE(cases));
}
