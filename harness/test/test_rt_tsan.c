// ThreadSanitizer's interface: what programs say about themselves by it.
#include "test/explored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void every_function_of_the_interface_is_there(void)
{
	struct explored e;

	explored_start(&e, "tsan_symbols", NULL);
	explored_run(&e, RT_POLICY_RANDOM, 1, 1);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 190\n") == 1);
	explored_end(&e);
}

/*
 * What gcc's library exports for programs, and we do not: nothing, but for what a program
 * defines itself, coverage, undefined behaviour, and the library's own insides.
 */
static void whatever_links_with_the_library_links_with_us(void)
{
	static const char script[] =
		"lib=$(gcc -print-file-name=libtsan.so); dir=$(mktemp -d);"
		"nm -D --defined-only \"$lib\" | awk '{ print $3 }' |"
		" grep -E '^(__tsan_|__sanitizer_|Annotate|WTFAnnotate|RunningOn|Valgrind)' |"
		" grep -vE "
		"'_(cov|weak_hook|coverage)_|_coverage$|_hook$|_on_|_default_|_external_ex$|"
		"_resumed?$|_setjmp$|_initialization$|_symbolize_external$|_thread_start_func$|"
		"_report_error_summary$' | LC_ALL=C sort >$dir/theirs;"
		"nm --defined-only build/explore_rt.o | awk '{ print $3 }' | LC_ALL=C sort "
		">$dir/ours;"
		"wc -l <$dir/theirs; LC_ALL=C comm -23 $dir/theirs $dir/ours; rm -r $dir";
	FILE *out = popen(script, "r"); // NOLINT(cert-env33-c)
	char said[4096];
	size_t len;
	long nr;
	char *rest;

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	len = fread(said, 1, sizeof(said) - 1, out);
	said[len] = '\0';
	CHECK_NUMBER(pclose(out), 0);
	nr = strtol(said, &rest, 10);
	CHECK_AT(said, nr > 800);
	CHECK_TEXT(rest, "\n");
}

static void a_lock_that_is_announced_orders_what_it_guards(void)
{
	static const char *const ways[] = { "mutex", "acquire", "happens", "ignore", "benign" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		explored_start(&e, "annotated", ways[i]);
		explored_widely(&e, 1, i ? 200 : 2000);
		CHECK_AT(explored_words(&e), e.nr_findings == 0);
		CHECK_NUMBER(explored_outcome(&e, "exit 0: 2\n"), e.iterations);
		explored_end(&e);
	}
}

static void one_that_is_not_does_not(void)
{
	static const char *const ways[] = { "", "by hand" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		struct explored e;

		explored_start(&e, "annotated", ways[i]);
		explored_run(&e, RT_POLICY_RANDOM, 1, 20);
		CHECK_AT(explored_words(&e), explored_finding(&e, RT_FOUND_RACE) != NULL);
		explored_end(&e);
	}
}

static void coroutines_run_and_their_races_are_found(void)
{
	static const char *const ways[] = { "told", "bare" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		char *racy = xasprintf("%s+race", ways[i]);
		struct explored e;

		explored_start(&e, "coroutines", ways[i]);
		explored_widely(&e, 1, 300);
		CHECK_AT(explored_words(&e), e.nr_findings == 0);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: done\n") == 900);
		explored_end(&e);
		explored_start(&e, "coroutines", racy);
		explored_run(&e, RT_POLICY_RANDOM, 1, 50);
		CHECK_AT(explored_words(&e), explored_finding(&e, RT_FOUND_RACE) != NULL);
		explored_end(&e);
		free(racy);
	}
}

// main() and the function that crashes, and nothing of the coroutines that ran before.
static void the_call_stack_is_that_of_the_coroutine_that_runs(void)
{
	static const char *const ways[] = { "told+crash", "bare+crash" };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		const struct rt_finding *crash;
		struct explored e;

		explored_start(&e, "coroutines", ways[i]);
		explored_run(&e, RT_POLICY_RANDOM, 1, 10);
		crash = explored_finding(&e, RT_FOUND_CRASH);
		CHECK_AT(explored_words(&e), crash != NULL);
		if (crash)
			CHECK_NUMBER(crash->sites[0].nr_stack, 3);
		explored_end(&e);
	}
}

// main's part of the race has two frames, however often it jumped before.
static void who_jumps_out_of_functions_has_left_them(void)
{
	static const char *const ways[] = { "", "long", "signal" };
	static const char *const compilers[] = { "clang", "gcc" };

	for (size_t i = 0; i < ARRAY_SIZE(ways) * ARRAY_SIZE(compilers); i++) {
		const char *how = ways[i / ARRAY_SIZE(compilers)];
		const struct rt_finding *race;
		struct explored e;

		explored_start_by(&e, compilers[i % ARRAY_SIZE(compilers)], "jumps", how);
		e.request.rt.spurious = false;
		explored_run(&e, RT_POLICY_PCT, 1, 20);
		CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: ") == 20);
		race = explored_finding(&e, RT_FOUND_RACE);
		CHECK_AT(how, race != NULL);
		for (unsigned k = 0; race && k < race->nr_sites; k++)
			if (race->sites[k].thread == 0 && race->sites[k].nr_stack > 1)
				CHECK_AT(how, race->sites[k].nr_stack <= 4);
		explored_end(&e);
	}
}

void suite_rt_tsan(void)
{
	static const struct test_case cases[] = {
		{ "whatever links with the library links with us",
		  whatever_links_with_the_library_links_with_us },
		{ "every function of the interface is there",
		  every_function_of_the_interface_is_there },
		{ "a lock that is announced orders what it guards",
		  a_lock_that_is_announced_orders_what_it_guards },
		{ "one that is not does not", one_that_is_not_does_not },
		{ "coroutines run and their races are found",
		  coroutines_run_and_their_races_are_found },
		{ "the call stack is that of the coroutine that runs",
		  the_call_stack_is_that_of_the_coroutine_that_runs },
		{ "who jumps out of functions has left them",
		  who_jumps_out_of_functions_has_left_them },
	};

	test_suite("rt_tsan", cases, ARRAY_SIZE(cases));
}
