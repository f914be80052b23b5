// XSH 2.9.5.2: what is a cancellation point, before it waits and while it does.
#include "test/rt_use.h"

#include <stdio.h>

static void check(const char *prefix, const char *const *calls, size_t nr, const char *outcome)
{
	enum { ITERATIONS = 40 };

	for (size_t i = 0; i < nr; i++) {
		struct explored e;
		char arg[64];

		snprintf(arg, sizeof(arg), "%s%s", prefix, calls[i]);
		explored_start(&e, "cancel_points", arg);
		e.request.rt.early_timeouts = false; // what would end waits before
		explored_widely(&e, 1, ITERATIONS);
		CHECK_AT(arg, e.nr_findings == 0);
		CHECK_AT(arg, explored_outcome(&e, outcome) == e.iterations);
		CHECK_AT(arg, e.warm.shared->nr_uncontrolled == 0);
		explored_end(&e);
	}
}

static const char *const waits[] = {
	"read",     "readv",         "write",      "writev", "recv",      "recvfrom",
	"recvmsg",  "send",          "accept",     "poll",   "ppoll",     "select",
	"pselect",  "epoll_wait",    "eventfd",    "pause",  "sigwait",   "sigtimedwait",
	"sem_wait", "sem_timedwait", "cond_wait",  "join",   "nanosleep", "clock_nanosleep",
	"usleep",   "thrd_sleep",    "testcancel",
};
static const char *const others[] = { "lockf", "close",   "open",   "pwrite",
				      "fsync", "connect", "waitpid" };

static void a_thread_that_waits_in_one_is_cancelled(void)
{
	check("", waits, ARRAY_SIZE(waits), "exit 0: cancelled cleaned 1 lock free\n");
}

static void one_that_was_asked_before_is_cancelled_on_the_way_in(void)
{
	check("before-", waits, ARRAY_SIZE(waits), "exit 0: cancelled cleaned 1 lock free\n");
	check("before-", others, ARRAY_SIZE(others), "exit 0: cancelled cleaned 1 lock free\n");
}

static void a_mutex_is_none(void)
{
	static const char *const locks[] = { "mutex_lock" };

	check("before-", locks, 1, "exit 0: cancelled cleaned 6 lock free\n");
}

void suite_rt_cancel_points(void)
{
	static const struct test_case cases[] = {
		{ "a thread that waits in one is cancelled",
		  a_thread_that_waits_in_one_is_cancelled },
		{ "one that was asked before is cancelled on the way in",
		  one_that_was_asked_before_is_cancelled_on_the_way_in },
		{ "a mutex is none", a_mutex_is_none },
	};

	test_suite("rt_cancel_points", cases, ARRAY_SIZE(cases));
}
