// alarm(), setitimer(), timer_create(): in virtual time.
#include "test/rt_use.h"

static void right(const char *use, const char *outcome)
{
	use_always("alarms", use, outcome, RT_FOUND_NR);
}

static void a_watchdog_that_never_fires_changes_nothing(void)
{
	use_is_right("alarms", "guarded", "exit 0: 0 left 1\n");
	use_is_right("alarms", "guarded-by-handler", "exit 0: 0 left 1\n");
}

// It would end the program without a word of why.
static void a_watchdog_does_not_hide_a_deadlock(void)
{
	use_always("alarms", "guarded-in-vain", "stuck: ", RT_FOUND_DOUBLE_LOCK);
	use_is_found("alarms", "guarded-in-vain", RT_FOUND_STUCK);
}

static void an_alarm_comes_when_its_time_has_passed(void)
{
	right("fired", "exit 0: 1 after 50\n");
	use_comes_to("alarms", "too-long", "signal 14: ");
	right("replaced", "exit 0: 0 100 20\n");
}

static void a_timer_ticks(void)
{
	right("ticking", "exit 0: 1\n");
}

static void a_timer_notifies_as_it_was_told_to(void)
{
	right("with-value", "exit 0: 42\n");
	right("in-thread", "exit 0: 43\n");
}

void suite_rt_alarms(void)
{
	static const struct test_case cases[] = {
		{ "a watchdog that never fires changes nothing",
		  a_watchdog_that_never_fires_changes_nothing },
		{ "a watchdog does not hide a deadlock", a_watchdog_does_not_hide_a_deadlock },
		{ "an alarm comes when its time has passed",
		  an_alarm_comes_when_its_time_has_passed },
		{ "a timer ticks", a_timer_ticks },
		{ "a timer notifies as it was told to", a_timer_notifies_as_it_was_told_to },
	};

	test_suite("rt_alarms", cases, ARRAY_SIZE(cases));
}
