/*
 * Timers that send signals, modelled from POSIX: alarm(), setitimer(ITIMER_REAL),
 * timer_create(). They run in virtual time. One that is soon, a tick, may come early like any
 * time-out; another one is a watchdog: it comes when nobody can run, or when time has passed
 * it, and one that would end the process does not hide that nobody can run.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "model/model.h"
#include "outside/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define TICK RT_NS_PER_S // at most

enum { MAX_ALARMS = 32, THE_ALARM = 0 }; // alarm() and setitimer() have one, the first

static RT_COLD_STATE struct alarm {
	bool used, tick;
	clockid_t clock;
	struct sigevent event;
	int64_t expiry, interval; // RT_NEVER: disarmed; 0: once
	uint32_t *armed;          // what was done before
	unsigned overrun;
} alarms[MAX_ALARMS];
static RT_ITERATION_STATE unsigned nr_alarms; // highest used, plus one

// What SIGEV_THREAD asks for, in a thread of its own.
static void *notify(void *argument)
{
	const struct alarm *alarm = argument;

	rt_acquire(alarm->armed);
	alarm->event.sigev_notify_function(alarm->event.sigev_value);
	return NULL;
}

static void alarm_ring(struct alarm *alarm)
{
	siginfo_t info = { .si_signo = alarm->event.sigev_signo, .si_code = SI_TIMER };

	if (alarm->event.sigev_notify == SIGEV_NONE)
		return;
	if (alarm->event.sigev_notify == SIGEV_THREAD) {
		rt_spawn(true, notify, alarm, (uintptr_t)alarm->event.sigev_notify_function);
		return;
	}
	if (alarm == &alarms[THE_ALARM])
		info.si_code = SI_KERNEL;
	info.si_value = alarm->event.sigev_value;
	rt_signal_send(NULL, &info, alarm->armed);
}

static void alarm_expire(struct alarm *alarm)
{
	int64_t times = 0;

	if (alarm->interval) {
		times = (rt_iteration.now - alarm->expiry) / alarm->interval;
		alarm->expiry += (times + 1) * alarm->interval;
	} else {
		alarm->expiry = RT_NEVER;
	}
	alarm->overrun = (unsigned)times;
	alarm_ring(alarm);
}

static void find_next(void)
{
	rt_iteration.next_alarm = RT_NEVER;
	for (unsigned i = 0; i < nr_alarms; i++)
		if (alarms[i].used && alarms[i].expiry < rt_iteration.next_alarm)
			rt_iteration.next_alarm = alarms[i].expiry;
}

static int64_t next_tick(void)
{
	int64_t next = RT_NEVER;

	for (unsigned i = 0; i < nr_alarms; i++)
		if (alarms[i].used && alarms[i].tick && alarms[i].expiry < next)
			next = alarms[i].expiry;
	return next;
}

int64_t rt_alarms_ring(void)
{
	for (unsigned i = 0; i < nr_alarms; i++)
		if (alarms[i].used && alarms[i].expiry <= rt_iteration.now)
			alarm_expire(&alarms[i]);
	find_next();
	return next_tick();
}

bool rt_alarm_helps(void)
{
	for (unsigned i = 0; i < nr_alarms; i++)
		if (alarms[i].used && alarms[i].expiry == rt_iteration.next_alarm)
			return alarms[i].event.sigev_notify == SIGEV_THREAD ||
			       (alarms[i].event.sigev_notify == SIGEV_SIGNAL &&
				rt_signal_is_harmless(alarms[i].event.sigev_signo));
	return false;
}

static struct timeval timeval_of(int64_t ns)
{
	return (struct timeval){ ns / RT_NS_PER_S, ns % RT_NS_PER_S / 1000 };
}

// Nanoseconds; 0: it is disarmed.
static int64_t left_of(const struct alarm *alarm)
{
	return alarm->expiry == RT_NEVER          ? 0
	       : alarm->expiry > rt_iteration.now ? alarm->expiry - rt_iteration.now
						  : 1;
}

// `expiry` RT_NEVER: disarms it.
static void alarm_set(struct alarm *alarm, int64_t expiry, int64_t interval)
{
	const int64_t after = expiry - rt_iteration.now;

	alarm->expiry = expiry;
	alarm->interval = interval;
	alarm->tick = after <= TICK;
	alarm->overrun = 0;
	rt_release_only(&alarm->armed);
	rt_progress();
	find_next();
	if (alarm->tick && expiry < rt_iteration.next_deadline)
		rt_iteration.next_deadline = expiry;
	if (expiry <= rt_iteration.now)
		rt_expire();
}

static struct alarm *the_alarm(void)
{
	struct alarm *alarm = &alarms[THE_ALARM];

	if (!alarm->used) {
		*alarm = (struct alarm){ .used = true, .expiry = RT_NEVER };
		alarm->event.sigev_notify = SIGEV_SIGNAL;
		alarm->event.sigev_signo = SIGALRM;
		if (!nr_alarms)
			nr_alarms = 1;
	}
	return alarm;
}

// In nanoseconds, as it was before.
static int64_t set_the_alarm(int64_t ns, int64_t interval, uintptr_t pc)
{
	int64_t left;

	rt_point(RT_OP_CALL, 0, 0, pc);
	left = left_of(the_alarm());
	alarm_set(the_alarm(), ns ? rt_time_after(ns) : RT_NEVER, interval);
	return left;
}

static unsigned alarm_after(unsigned seconds, uintptr_t pc)
{
	int64_t left = set_the_alarm(seconds * RT_NS_PER_S, 0, pc);

	return (unsigned)((left + RT_NS_PER_S - 1) / RT_NS_PER_S);
}

static int64_t ns_of_timeval(const struct timeval *tv)
{
	return tv->tv_sec * RT_NS_PER_S + tv->tv_usec * 1000;
}

static int interval_timer(__itimer_which_t which, const struct itimerval *to, struct itimerval *old,
			  uintptr_t pc)
{
	int64_t left, interval = the_alarm()->interval;

	if (which != ITIMER_REAL) { // of processor time, which is not virtual
		rt_report_uncontrolled("setitimer() of processor time", pc);
		return RT_REAL(setitimer)(which, to, old);
	}
	left = set_the_alarm(ns_of_timeval(&to->it_value), ns_of_timeval(&to->it_interval), pc);
	if (old)
		*old = (struct itimerval){ timeval_of(interval), timeval_of(left) };
	return 0;
}

static int show_interval_timer(__itimer_which_t which, struct itimerval *out)
{
	if (which != ITIMER_REAL)
		return RT_REAL(getitimer)(which, out);
	*out = (struct itimerval){ timeval_of(the_alarm()->interval),
				   timeval_of(left_of(the_alarm())) };
	return 0;
}

INTERCEPT_OWN(unsigned, alarm, (unsigned seconds), alarm_after(seconds, RT_PC()), seconds)
INTERCEPT_OWN(useconds_t, ualarm, (useconds_t us, useconds_t interval),
	      (useconds_t)(set_the_alarm((int64_t)us * 1000, (int64_t)interval * 1000, RT_PC()) /
			   1000),
	      us, interval)
INTERCEPT_OWN(int, setitimer,
	      (__itimer_which_t which, const struct itimerval *restrict to,
	       struct itimerval *restrict old),
	      interval_timer(which, to, old, RT_PC()), which, to, old)
INTERCEPT_OWN(int, getitimer, (__itimer_which_t which, struct itimerval *out),
	      show_interval_timer(which, out), which, out)

/* timer_create(): the handle is the place in our table */

static struct alarm *alarm_of(timer_t timer)
{
	const uintptr_t i = (uintptr_t)timer;

	if (i > THE_ALARM && i < nr_alarms && alarms[i].used)
		return &alarms[i];
	errno = EINVAL;
	return NULL;
}

static int make_timer(clockid_t clock, const struct sigevent *event, timer_t *timer, uintptr_t pc)
{
	unsigned i = THE_ALARM + 1;

	if (clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID)
		rt_report_uncontrolled("timer_create() of processor time", pc);
	rt_point(RT_OP_CALL, 0, 0, pc);
	while (i < MAX_ALARMS && alarms[i].used)
		i++;
	if (i == MAX_ALARMS) {
		errno = EAGAIN;
		return -1;
	}
	if (i >= nr_alarms)
		nr_alarms = i + 1;
	alarms[i] = (struct alarm){ .used = true, .clock = clock, .expiry = RT_NEVER };
	if (event) {
		alarms[i].event = *event;
	} else {
		alarms[i].event.sigev_signo = SIGALRM;
		alarms[i].event.sigev_value.sival_int = (int)i;
	}
	*timer = (timer_t)(uintptr_t)i;
	return 0;
}

static void show_timer(const struct alarm *alarm, struct itimerspec *out)
{
	*out = (struct itimerspec){ rt_timespec(alarm->interval), rt_timespec(left_of(alarm)) };
}

static int set_timer(timer_t timer, int flags, const struct itimerspec *to, struct itimerspec *old,
		     uintptr_t pc)
{
	struct alarm *alarm = alarm_of(timer);

	if (!alarm)
		return -1;
	if (!rt_time_valid(&to->it_value)) {
		errno = EINVAL;
		return -1;
	}
	rt_point(RT_OP_CALL, 0, 0, pc);
	if (old)
		show_timer(alarm, old);
	alarm_set(alarm,
		  !rt_ns_of(&to->it_value) ? RT_NEVER
		  : flags & TIMER_ABSTIME  ? rt_time_of(alarm->clock, &to->it_value)
					   : rt_time_after(rt_ns_of(&to->it_value)),
		  rt_ns_of(&to->it_interval));
	return 0;
}

static int get_timer(timer_t timer, struct itimerspec *out)
{
	const struct alarm *alarm = alarm_of(timer);

	if (!alarm)
		return -1;
	show_timer(alarm, out);
	return 0;
}

static int timer_overrun(timer_t timer)
{
	const struct alarm *alarm = alarm_of(timer);

	return alarm ? (int)alarm->overrun : -1;
}

static int delete_timer(timer_t timer, uintptr_t pc)
{
	struct alarm *alarm = alarm_of(timer);

	if (!alarm)
		return -1;
	rt_point(RT_OP_CALL, 0, 0, pc);
	alarm->used = false;
	find_next();
	return 0;
}

INTERCEPT_OWN(int, timer_create,
	      (clockid_t clock, struct sigevent *restrict event, timer_t *restrict timer),
	      make_timer(clock, event, timer, RT_PC()), clock, event, timer)
INTERCEPT_OWN(int, timer_settime,
	      (timer_t timer, int flags, const struct itimerspec *restrict to,
	       struct itimerspec *restrict old),
	      set_timer(timer, flags, to, old, RT_PC()), timer, flags, to, old)
INTERCEPT_OWN(int, timer_gettime, (timer_t timer, struct itimerspec *out), get_timer(timer, out),
	      timer, out)
INTERCEPT_OWN(int, timer_getoverrun, (timer_t timer), timer_overrun(timer), timer)
INTERCEPT_OWN(int, timer_delete, (timer_t timer), delete_timer(timer, RT_PC()), timer)
