/*
 * Virtual time. It passes when a thread reads a clock, and faster when it goes on reading
 * (it polls); when no thread can run, it jumps to the next deadline. Everything else takes
 * no time.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "model/model.h"
#include "outside/outside.h"

#include <errno.h>
#include <sys/time.h>
#include <sys/times.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

// A thread that reads the clock, and goes on reading it.
static void clock_tick(void)
{
	enum { READING_NS = 1000, MAX_DOUBLINGS = 10 };
	unsigned doublings = rt_self->clock_readings++;

	rt_time_passes(READING_NS << (doublings < MAX_DOUBLINGS ? doublings : MAX_DOUBLINGS));
}

static int sleep_until(int64_t deadline, uintptr_t pc)
{
	rt_point(RT_OP_SLEEP, 0, 0, pc);
	rt_cancel_point(pc);
	return deadline > rt_iteration.now &&
			       rt_wait(RT_TIME, 0, deadline, RT_NEVER_RESTARTED) == EINTR
		       ? EINTR
		       : 0;
}

// How much of it is left: 0, unless a signal has ended it.
static int64_t sleep_for(int64_t ns, uintptr_t pc)
{
	const int64_t end = rt_time_after(ns);

	if (!sleep_until(end, pc))
		return 0;
	return end > rt_iteration.now ? end - rt_iteration.now : 1;
}

static int sleep_timespec(const struct timespec *time, struct timespec *left, uintptr_t pc)
{
	int64_t ns = sleep_for(rt_ns_of(time), pc);

	if (ns && left)
		*left = rt_timespec(ns);
	return ns ? EINTR : 0;
}

static int in_errno(int error)
{
	if (!error)
		return 0;
	errno = error;
	return -1;
}

// Whole seconds, as the C library gives them: rounded to the nearest.
static unsigned sleep_seconds(unsigned seconds, uintptr_t pc)
{
	int64_t left = sleep_for((int64_t)seconds * RT_NS_PER_S, pc);

	return (unsigned)((left + RT_NS_PER_S / 2) / RT_NS_PER_S);
}

static int read_clock(clockid_t clock, struct timespec *ts)
{
	clock_tick();
	*ts = rt_timespec(rt_clock_now(clock));
	return 0;
}

static int read_day_time(struct timeval *tv)
{
	clock_tick();
	*tv = (struct timeval){ rt_iteration.now / RT_NS_PER_S,
				rt_iteration.now % RT_NS_PER_S / 1000 };
	return 0;
}

static time_t read_seconds(time_t *out)
{
	time_t now;

	clock_tick();
	now = rt_iteration.now / RT_NS_PER_S;
	if (out)
		*out = now;
	return now;
}

static clock_t read_cpu_time(void)
{
	clock_tick();
	return (clock_t)((rt_iteration.now - RT_START_NS) / 1000);
}

static int read_utc(struct timespec *ts, int base)
{
	if (base != TIME_UTC)
		return 0;
	read_clock(CLOCK_REALTIME, ts);
	return base;
}

// All of the time was spent in the program, as clock() says.
static clock_t read_times(struct tms *out)
{
	const int64_t ns = RT_NS_PER_S / sysconf(_SC_CLK_TCK);

	clock_tick();
	if (out)
		*out = (struct tms){ .tms_utime = (rt_iteration.now - RT_START_NS) / ns };
	return (clock_t)(rt_iteration.now / ns);
}

/* In a process that the program has forked: see rt_is_child. */

static RT_ITERATION_STATE int64_t spared; // ns that it did not sleep

// As nanosleep(), and clock_nanosleep() for a time: 0 or an error number.
static int sleep_in_child(clockid_t clock, const struct timespec *time, struct timespec *left)
{
	const int64_t ns = rt_ns_of(time);
	const struct timespec shorter = rt_timespec(ns / RT_CHILD_SPEED);
	struct timespec rest = { 0, 0 };
	int error = RT_REAL(clock_nanosleep)(clock, 0, &shorter, &rest);
	const int64_t slept = rt_ns_of(&shorter) - rt_ns_of(&rest);

	spared += slept * (RT_CHILD_SPEED - 1);
	if (error && left)
		*left = rt_timespec(ns - slept * RT_CHILD_SPEED);
	return error;
}

static bool is_short_sleep(int flags, const struct timespec *time)
{
	return rt_is_child && !(flags & TIMER_ABSTIME) && rt_time_valid(time);
}

static int real_nanosleep(const struct timespec *time, struct timespec *left)
{
	return is_short_sleep(0, time) ? in_errno(sleep_in_child(CLOCK_MONOTONIC, time, left))
				       : RT_REAL(nanosleep)(time, left);
}

static int real_clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
				struct timespec *left)
{
	return is_short_sleep(flags, time) ? sleep_in_child(clock, time, left)
					   : RT_REAL(clock_nanosleep)(clock, flags, time, left);
}

static unsigned real_sleep(unsigned seconds)
{
	const struct timespec time = { seconds, 0 };
	struct timespec left = { 0, 0 };

	if (!rt_is_child)
		return RT_REAL(sleep)(seconds);
	sleep_in_child(CLOCK_MONOTONIC, &time, &left);
	return (unsigned)((rt_ns_of(&left) + RT_NS_PER_S / 2) / RT_NS_PER_S);
}

static int real_usleep(useconds_t us)
{
	const struct timespec time = rt_timespec((int64_t)us * 1000);

	return rt_is_child ? real_nanosleep(&time, NULL) : RT_REAL(usleep)(us);
}

static int real_clock(clockid_t clock, struct timespec *ts)
{
	int rc = RT_REAL(clock_gettime)(clock, ts);

	if (!rc && spared)
		*ts = rt_timespec(rt_ns_of(ts) + spared);
	return rc;
}

static int real_day_time(struct timeval *tv, void *zone)
{
	struct timespec now;

	if (!spared)
		return RT_REAL(gettimeofday)(tv, zone);
	real_clock(CLOCK_REALTIME, &now);
	*tv = (struct timeval){ now.tv_sec, now.tv_nsec / 1000 };
	return 0;
}

static time_t real_seconds(time_t *out)
{
	struct timespec now;

	if (!spared)
		return RT_REAL(time)(out);
	real_clock(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

REPLACE(int, clock_gettime, (clockid_t clock, struct timespec *ts),
	rt_controlled() ? read_clock(clock, ts) : real_clock(clock, ts))
REPLACE(int, gettimeofday, (struct timeval *restrict tv, void *restrict zone),
	rt_controlled() ? read_day_time(tv) : real_day_time(tv, zone))
REPLACE(time_t, time, (time_t * out), rt_controlled() ? read_seconds(out) : real_seconds(out))
INTERCEPT(int, timespec_get, (struct timespec * ts, int base), read_utc(ts, base), ts, base)
INTERCEPT(clock_t, times, (struct tms * out), read_times(out), out)
INTERCEPT(clock_t, clock, (void), read_cpu_time())

REPLACE(int, nanosleep, (const struct timespec *ts, struct timespec *left),
	rt_controlled() ? in_errno(sleep_timespec(ts, left, RT_PC())) : real_nanosleep(ts, left))
REPLACE(int, clock_nanosleep,
	(clockid_t clock, int flags, const struct timespec *ts, struct timespec *left),
	!rt_controlled()        ? real_clock_nanosleep(clock, flags, ts, left)
	: flags & TIMER_ABSTIME ? sleep_until(rt_time_of(clock, ts), RT_PC())
				: sleep_timespec(ts, left, RT_PC()))
REPLACE(int, usleep, (useconds_t us),
	rt_controlled() ? in_errno(sleep_for((int64_t)us * 1000, RT_PC()) ? EINTR : 0)
			: real_usleep(us))
REPLACE(unsigned, sleep, (unsigned seconds),
	rt_controlled() ? sleep_seconds(seconds, RT_PC()) : real_sleep(seconds))
INTERCEPT(int, thrd_sleep, (const struct timespec *ts, struct timespec *left),
	  sleep_timespec(ts, left, RT_PC()) ? -1 : 0, ts, left)
INTERCEPT(int, sched_yield, (void), (rt_yield(RT_PC()), 0))
