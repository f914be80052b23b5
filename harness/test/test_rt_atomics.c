/*
 * What atomics order: the memory orders of C17 7.17.3, release sequences and
 * fences. The programs order their steps by spinning on relaxed loads, so that
 * a race is in every schedule or in none, and few are enough.
 */
#include "test/rt_use.h"

static void a_release_is_acquired(void)
{
	use_always("atomics", "published", "exit 0: ", RT_FOUND_NR);
	use_always("atomics", "relaxed", "exit 0: ", RT_FOUND_RACE);
}

static void only_a_read_modify_write_goes_on_with_a_release_sequence(void)
{
	use_always("atomics", "counted", "exit 0: ", RT_FOUND_NR);
	use_always("atomics", "overwritten", "exit 0: ", RT_FOUND_RACE);
	use_always("atomics", "overwritten-by-fence", "exit 0: ", RT_FOUND_RACE);
}

static void fences_order_what_came_before_and_after_them(void)
{
	use_always("atomics", "fenced", "exit 0: ", RT_FOUND_NR);
	use_always("atomics", "fenced-early", "exit 0: ", RT_FOUND_RACE);
	use_always("atomics", "fenced-at-one-end", "exit 0: ", RT_FOUND_RACE);
}

static void an_exchange_that_fails_has_the_order_of_failure(void)
{
	use_always("atomics", "exchanged", "exit 0: ", RT_FOUND_NR);
	use_always("atomics", "exchanged-relaxed", "exit 0: ", RT_FOUND_RACE);
	use_always("atomics", "in-vain", "exit 0: ", RT_FOUND_RACE);
	use_always("atomics", "in-vain-acquiring", "exit 0: ", RT_FOUND_NR);
	use_always("atomics", "wide-in-vain", "exit 0: ", RT_FOUND_RACE);
	use_always("atomics", "wide-exchanged", "exit 0: ", RT_FOUND_NR);
}

static void bytes_that_were_used_together_part(void)
{
	use_always("atomics", "read-apart", "exit 0: ", RT_FOUND_RACE);
	use_always("atomics", "stored-apart", "exit 0: ", RT_FOUND_NR);
}

void suite_rt_atomics(void)
{
	static const struct test_case cases[] = {
		{ "a release is acquired", a_release_is_acquired },
		{ "only a read-modify-write goes on with a release sequence",
		  only_a_read_modify_write_goes_on_with_a_release_sequence },
		{ "fences order what came before and after them",
		  fences_order_what_came_before_and_after_them },
		{ "an exchange that fails has the order of failure",
		  an_exchange_that_fails_has_the_order_of_failure },
		{ "bytes that were used together part", bytes_that_were_used_together_part },
	};

	test_suite("rt_atomics", cases, ARRAY_SIZE(cases));
}
