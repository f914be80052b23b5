// Futexes as futex(2) has them, and other calls by number.
#include "test/rt_use.h"

static void a_mutex_made_of_a_futex_excludes(void)
{
	use_is_right("futexes", "mutex", "exit 0: 3\n");
}

static void a_wait_without_a_wake_up_hangs(void)
{
	use_comes_to("futexes", "forgotten", "stuck: ");
}

static void a_wait_for_another_value_does_not_begin(void)
{
	use_always("futexes", "other-value", "exit 0: -11\n", RT_FOUND_NR); // EAGAIN
	use_always("futexes", "nobody", "exit 0: 0\n", RT_FOUND_NR);
}

static void time_outs_are_relative_or_absolute_as_the_operation_says(void)
{
	use_is_right("futexes", "timed", "exit 0: -110 -110 -110\n"); // ETIMEDOUT
}

static void no_bits_and_an_address_that_is_no_words_are_invalid(void)
{
	use_always("futexes", "invalid", "exit 0: -22 -22\n", RT_FOUND_NR); // EINVAL
}

static void a_wake_up_with_bits_finds_who_waits_for_one_of_them(void)
{
	use_is_right("futexes", "bits", "exit 0: 1 2 3\n");
}

static void a_requeue_moves_who_is_not_woken(void)
{
	use_comes_to("futexes", "requeued", "exit 0: -11, moved, 2\n");
}

static void a_wake_operation_changes_the_second_word(void)
{
	use_is_right("futexes", "woken-by-operation", "exit 0: 5\n");
}

static void a_handler_ends_a_wait(void)
{
	use_comes_to("futexes", "interrupted", "exit 0: -4\n"); // EINTR
}

static void a_wake_up_alone_orders_nothing(void)
{
	use_is_found("futexes", "relaxed", RT_FOUND_RACE);
}

static void calls_by_number_that_nobody_waits_in_are_controlled(void)
{
	use_always("futexes", "barrier", "exit 0: 1\n", RT_FOUND_NR);
	use_always("futexes", "no-ring", "exit 0: 38\n", RT_FOUND_NR); // ENOSYS
}

void suite_rt_futex(void)
{
	static const struct test_case cases[] = {
		{ "a mutex made of a futex excludes", a_mutex_made_of_a_futex_excludes },
		{ "a wait without a wake-up hangs", a_wait_without_a_wake_up_hangs },
		{ "a wait for another value does not begin",
		  a_wait_for_another_value_does_not_begin },
		{ "time-outs are relative or absolute as the operation says",
		  time_outs_are_relative_or_absolute_as_the_operation_says },
		{ "no bits, and an address that is no word's, are invalid",
		  no_bits_and_an_address_that_is_no_words_are_invalid },
		{ "a wake-up with bits finds who waits for one of them",
		  a_wake_up_with_bits_finds_who_waits_for_one_of_them },
		{ "a requeue moves who is not woken", a_requeue_moves_who_is_not_woken },
		{ "a wake operation changes the second word",
		  a_wake_operation_changes_the_second_word },
		{ "a handler ends a wait", a_handler_ends_a_wait },
		{ "a wake-up alone orders nothing", a_wake_up_alone_orders_nothing },
		{ "calls by number that nobody waits in are controlled",
		  calls_by_number_that_nobody_waits_in_are_controlled },
	};

	test_suite("rt_futex", cases, ARRAY_SIZE(cases));
}
