// XSH 2.4: which thread gets a signal, when, and what it does.
#include "test/rt_use.h"

static void right(const char *use, const char *outcome)
{
	use_always("masks", use, outcome, RT_FOUND_NR);
}

static void one_for_the_process_goes_to_a_thread_that_takes_it(void)
{
	right("who-takes-it", "exit 0: 1 by 2\n");
	use_comes_to("masks", "either", "exit 0: 1 by 1\n");
	use_comes_to("masks", "either", "exit 0: 1 by 2\n");
}

static void a_blocked_one_is_pending_until_it_is_unblocked(void)
{
	right("pending", "exit 0: 0 pending 1 2 pending 0\n");
	right("broken-pipe", "exit 0: -1 1 pending 1\n");
}

static void each_thread_has_a_mask_that_begins_as_its_creators(void)
{
	right("inherited", "exit 0: 011\n");
}

static void those_of_real_time_are_queued(void)
{
	right("queued", "exit 0: 1010203\n");
	right("values", "exit 0: 123\n");
}

static void flags_of_an_action_say_what_is_blocked_and_what_it_is_afterwards(void)
{
	right("actions", "exit 0: 11 00 1 1\n");
}

static void a_mask_is_exchanged_and_the_wait_begun_in_one_step(void)
{
	right("sigsuspend", "exit 0: -1 EINTR\n");
	right("ppoll", "exit 0: -1 EINTR\n");
	right("pselect", "exit 0: -1 EINTR\n");
	right("epoll_pwait", "exit 0: -1 EINTR\n");
}

static void a_childs_end_is_told(void)
{
	use_has_outcomes("masks", "child", (const char *[]){ "exit 0: 1 5\n" }, 1);
}

static void a_descriptor_shows_what_is_pending(void)
{
	right("signalfd", "exit 0: 1 0\n");
}

static void a_jump_out_of_a_handler_restores_the_mask(void)
{
	right("jump", "exit 0: 0\n");
}

static void a_handler_may_want_a_lock_that_its_thread_holds(void)
{
	use_is_found("handlers", "locked", RT_FOUND_DOUBLE_LOCK);
	use_comes_to("handlers", "locked", "stuck: ");
	use_comes_to("handlers", "locked", "exit 0: 2\n");
}

static void unsafe_calls_in_a_handler_that_came_in_one_are_found(void)
{
	use_is_found("handlers", "unsafe", RT_FOUND_SIGNAL_UNSAFE);
	use_is_found("handlers", "locked", RT_FOUND_SIGNAL_UNSAFE);
	use_always("handlers", "apart", "exit 0: 10\n10\n", RT_FOUND_NR);
	use_has_outcomes("handlers", "safe", (const char *[]){ "exit 0: 0\n", "exit 0: 1\n" }, 2);
}

static void without_a_handler_it_is_ignored_or_the_end(void)
{
	right("ignored", "exit 0: ignored\n");
	use_comes_to("masks", "ended", "signal 15: before\n");
}

void suite_rt_masks(void)
{
	static const struct test_case cases[] = {
		{ "one for the process goes to a thread that takes it",
		  one_for_the_process_goes_to_a_thread_that_takes_it },
		{ "a blocked one is pending until it is unblocked",
		  a_blocked_one_is_pending_until_it_is_unblocked },
		{ "each thread has a mask that begins as its creator's",
		  each_thread_has_a_mask_that_begins_as_its_creators },
		{ "those of real time are queued", those_of_real_time_are_queued },
		{ "flags of an action say what is blocked and what it is afterwards",
		  flags_of_an_action_say_what_is_blocked_and_what_it_is_afterwards },
		{ "a mask is exchanged and the wait begun in one step",
		  a_mask_is_exchanged_and_the_wait_begun_in_one_step },
		{ "a child's end is told", a_childs_end_is_told },
		{ "a descriptor shows what is pending", a_descriptor_shows_what_is_pending },
		{ "a jump out of a handler restores the mask",
		  a_jump_out_of_a_handler_restores_the_mask },
		{ "a handler may want a lock that its thread holds",
		  a_handler_may_want_a_lock_that_its_thread_holds },
		{ "unsafe calls in a handler that came in one are found",
		  unsafe_calls_in_a_handler_that_came_in_one_are_found },
		{ "without a handler it is ignored, or the end",
		  without_a_handler_it_is_ignored_or_the_end },
	};

	test_suite("rt_masks", cases, ARRAY_SIZE(cases));
}
