/*
 * Virtual time. It passes when a thread reads a clock, and faster when it goes on reading
 * (it polls); when no thread can run, it jumps to the next deadline. Everything else takes
 * no time.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "model/model.h"

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

INTERCEPT(int, clock_gettime, (clockid_t clock, struct timespec *ts), read_clock(clock, ts), clock,
	  ts)
INTERCEPT(int, gettimeofday, (struct timeval *restrict tv, void *restrict zone), read_day_time(tv),
	  tv, zone)
INTERCEPT(time_t, time, (time_t * out), read_seconds(out), out)
INTERCEPT(int, timespec_get, (struct timespec * ts, int base), read_utc(ts, base), ts, base)
INTERCEPT(clock_t, times, (struct tms * out), read_times(out), out)
INTERCEPT(clock_t, clock, (void), read_cpu_time())

INTERCEPT(int, nanosleep, (const struct timespec *ts, struct timespec *left),
	  in_errno(sleep_timespec(ts, left, RT_PC())), ts, left)
INTERCEPT(int, clock_nanosleep,
	  (clockid_t clock, int flags, const struct timespec *ts, struct timespec *left),
	  flags &TIMER_ABSTIME ? sleep_until(rt_time_of(clock, ts), RT_PC())
			       : sleep_timespec(ts, left, RT_PC()),
	  clock, flags, ts, left)
INTERCEPT(int, usleep, (useconds_t us),
	  in_errno(sleep_for((int64_t)us * 1000, RT_PC()) ? EINTR : 0), us)
INTERCEPT(unsigned, sleep, (unsigned seconds), sleep_seconds(seconds, RT_PC()), seconds)
INTERCEPT(int, thrd_sleep, (const struct timespec *ts, struct timespec *left),
	  sleep_timespec(ts, left, RT_PC()) ? -1 : 0, ts, left)
INTERCEPT(int, sched_yield, (void), (rt_yield(RT_PC()), 0))
