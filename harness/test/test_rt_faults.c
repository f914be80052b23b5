// Programs that end badly are findings, and the explorer goes on.
#include "test/explored.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const struct fault {
	const char *how;
	enum rt_finding_kind kind;
	unsigned signal;
	unsigned stack; // at least so deep, with the failing place
} faults[] = {
	{ "null", RT_FOUND_CRASH, SIGSEGV, 2 },    { "call", RT_FOUND_CRASH, SIGSEGV, 2 },
	{ "library", RT_FOUND_CRASH, SIGSEGV, 2 }, { "recursion", RT_FOUND_CRASH, SIGSEGV, 20 },
	{ "abort", RT_FOUND_CRASH, SIGABRT, 2 },   { "assert", RT_FOUND_ASSERTION, SIGABRT, 2 },
	{ "divide", RT_FOUND_CRASH, SIGFPE, 2 },   { "free", RT_FOUND_CRASH, SIGABRT, 2 },
	{ "handler", RT_FOUND_CRASH, SIGSEGV, 1 },
};

static void check_fault(const struct fault *fault, const char *how, unsigned thread)
{
	char *outcome = xasprintf("signal %u: ", fault->signal);
	const struct rt_finding *finding;
	struct explored e;

	explored_start(&e, "faults", how);
	explored_run(&e, RT_POLICY_RANDOM, 1, 5);
	finding = explored_finding(&e, fault->kind);
	CHECK_AT(how, finding != NULL);
	CHECK_NUMBER(e.nr_findings, 1);
	CHECK_NUMBER(explored_outcome(&e, outcome), 5);
	if (finding) {
		CHECK_NUMBER(finding->code, fault->signal);
		CHECK_NUMBER(finding->sites[0].thread, thread);
		CHECK_AT(how, finding->sites[0].nr_stack >= fault->stack);
		CHECK_AT(how, finding->sites[0].stack[0] != 0);
	}
	explored_end(&e);
	free(outcome);
}

static void a_fault_in_a_thread_is_a_finding_of_that_thread(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		check_fault(&faults[i], faults[i].how, 1);
}

static void one_in_main_likewise(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		char *how = xasprintf("main %s", faults[i].how);

		check_fault(&faults[i], how, 0);
		free(how);
	}
}

static void what_the_program_handles_or_asks_for_is_none(void)
{
	struct explored e;

	explored_start(&e, "faults", "handled");
	explored_run(&e, RT_POLICY_RANDOM, 1, 5);
	CHECK_AT(explored_words(&e), e.nr_findings == 0);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 7: ") == 5);
	explored_end(&e);
	explored_start(&e, "faults", "kill");
	explored_run(&e, RT_POLICY_RANDOM, 1, 5);
	CHECK_AT(explored_words(&e), e.nr_findings == 0);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "signal 9: ") == 5);
	explored_end(&e);
}

void suite_rt_faults(void)
{
	static const struct test_case cases[] = {
		{ "a fault in a thread is a finding of that thread",
		  a_fault_in_a_thread_is_a_finding_of_that_thread },
		{ "one in main likewise", one_in_main_likewise },
		{ "what the program handles or asks for is none",
		  what_the_program_handles_or_asks_for_is_none },
	};

	test_suite("rt_faults", cases, ARRAY_SIZE(cases));
}
