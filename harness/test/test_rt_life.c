// What a program does before main() and after it is under control as well.
#include "test/rt_use.h"

static void keys_made_in_constructors_keep_their_values(void)
{
	use_is_right("life", "key", "exit 0: main's 1 1 1 destroyed the thread's\n");
}

static void locks_made_in_constructors_are_what_they_were_made(void)
{
	use_is_right("life", "locks", "exit 0: 2\n");
}

static void exit_handlers_and_destructors_may_join_threads(void)
{
	use_is_right("life", "joined-by-handler", "exit 0: joined\n");
	use_is_right("life", "joined-by-destructor", "exit 0: joined\n");
}

static void a_deadlock_in_an_exit_handler_is_found(void)
{
	use_always("life", "handler-deadlocks", "stuck: ", RT_FOUND_DOUBLE_LOCK);
}

static void a_race_with_an_exit_handler_is_found(void)
{
	use_is_found("life", "handler-races", RT_FOUND_RACE);
}

static void whichever_thread_exits_the_handlers_run(void)
{
	use_is_right("life", "exit-by-thread", "exit 3: handler\n");
	use_is_right("life", "after-the-last-thread", "exit 0: destroyed main's\nhandler\n");
}

static void a_handler_may_exit_again(void)
{
	use_always("life", "exit-again", "exit 7: handler\n", RT_FOUND_NR);
}

void suite_rt_life(void)
{
	static const struct test_case cases[] = {
		{ "keys made in constructors keep their values",
		  keys_made_in_constructors_keep_their_values },
		{ "locks made in constructors are what they were made",
		  locks_made_in_constructors_are_what_they_were_made },
		{ "exit handlers and destructors may join threads",
		  exit_handlers_and_destructors_may_join_threads },
		{ "a deadlock in an exit handler is found",
		  a_deadlock_in_an_exit_handler_is_found },
		{ "a race with an exit handler is found", a_race_with_an_exit_handler_is_found },
		{ "whichever thread exits, the handlers run",
		  whichever_thread_exits_the_handlers_run },
		{ "a handler may exit again", a_handler_may_exit_again },
	};

	test_suite("rt_life", cases, ARRAY_SIZE(cases));
}
