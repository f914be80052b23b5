// signal(7): which waits a handler ends with EINTR, and which are restarted after SA_RESTART.
#include "test/rt_use.h"

#include <stdio.h>

static const char *const restarted[] = { "read",   "readv", "recv",    "recvmsg",
					 "accept", "write", "sem_wait" };
static const char *const never_restarted[] = {
	"sem_timedwait", "poll",        "ppoll",           "select",     "pselect",
	"epoll_wait",    "epoll_pwait", "pause",           "sigsuspend", "sigwaitinfo",
	"sigtimedwait",  "nanosleep",   "clock_nanosleep", "sleep",
};

// Time keeps its order: none of the waits is over before its time.
static void check(const char *prefix, const char *const *calls, size_t nr, const char *outcome)
{
	enum { ITERATIONS = 30 };

	for (size_t i = 0; i < nr; i++) {
		struct explored e;
		char arg[64];

		snprintf(arg, sizeof(arg), "%s%s", prefix, calls[i]);
		explored_start(&e, "interrupts", arg);
		e.request.rt.early_timeouts = false;
		explored_widely(&e, 1, ITERATIONS);
		CHECK_AT(arg, e.nr_findings == 0);
		CHECK_AT(arg, explored_outcome(&e, outcome) == e.iterations);
		CHECK_AT(arg, e.warm.shared->nr_uncontrolled == 0);
		explored_end(&e);
	}
}

static void a_handler_ends_each_of_them(void)
{
	check("", restarted, ARRAY_SIZE(restarted), "exit 0: EINTR\n");
	check("", never_restarted, ARRAY_SIZE(never_restarted), "exit 0: EINTR\n");
}

static void after_sa_restart_some_go_on(void)
{
	check("restart-", restarted, ARRAY_SIZE(restarted), "exit 0: done\n");
}

static void others_are_never_restarted(void)
{
	check("restart-", never_restarted, ARRAY_SIZE(never_restarted), "exit 0: EINTR\n");
}

void suite_rt_interrupts(void)
{
	static const struct test_case cases[] = {
		{ "a handler ends each of them", a_handler_ends_each_of_them },
		{ "after SA_RESTART some go on", after_sa_restart_some_go_on },
		{ "others are never restarted", others_are_never_restarted },
	};

	test_suite("rt_interrupts", cases, ARRAY_SIZE(cases));
}
