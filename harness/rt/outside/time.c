/*
 * Virtual time. It passes when a thread reads a clock, and faster when it goes on reading
 * (it polls); when no thread can run, it jumps to the next deadline. Everything else takes
 * no time. All clocks show the same time, except that the realtime ones begin at a fixed
 * date.
 */
#include "engine/intercept.h"
#include "engine/sched.h"
#include "model/model.h"
#include "outside/outside.h"

#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S INT64_C(1000000000)

// A thread that reads the clock, and goes on reading it.
static void clock_tick(void)
{
	enum { READING_NS = 1000, MAX_DOUBLINGS = 10 };
	unsigned doublings = rt_self->clock_readings++;

	rt_time_passes(READING_NS << (doublings < MAX_DOUBLINGS ? doublings : MAX_DOUBLINGS));
}

static bool is_wall_clock(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

static int64_t reading(clockid_t clock)
{
	return is_wall_clock(clock) ? rt_iteration.now : rt_iteration.now - RT_START_NS + NS_PER_S;
}

static int64_t ns_of(const struct timespec *ts)
{
	if (ts->tv_sec > INT64_MAX / NS_PER_S - 1)
		return RT_NEVER;
	return (int64_t)ts->tv_sec * NS_PER_S + ts->tv_nsec;
}

bool rt_time_valid(const struct timespec *until)
{
	return until->tv_nsec >= 0 && until->tv_nsec < NS_PER_S;
}

int64_t rt_time_of(clockid_t clock, const struct timespec *until)
{
	int64_t ns = ns_of(until);

	return ns == RT_NEVER || is_wall_clock(clock) ? ns : ns + RT_START_NS - NS_PER_S;
}

static int sleep_until(int64_t deadline, uintptr_t pc)
{
	rt_point(RT_OP_SLEEP, 0, 0, pc);
	rt_cancel_point(pc);
	if (deadline > rt_iteration.now)
		rt_block_cancellable(RT_TIME, 0, deadline);
	rt_cancel_wait(pc);
	return 0;
}

static int sleep_for(int64_t ns, uintptr_t pc)
{
	return sleep_until(ns > RT_NEVER - rt_iteration.now ? RT_NEVER - 1 : rt_iteration.now + ns,
			   pc);
}

void rt_sleep(const struct timespec *time, uintptr_t pc)
{
	sleep_for(ns_of(time), pc);
}

static int read_clock(clockid_t clock, struct timespec *ts)
{
	int64_t now;

	clock_tick();
	now = reading(clock);
	*ts = (struct timespec){ now / NS_PER_S, now % NS_PER_S };
	return 0;
}

static int read_day_time(struct timeval *tv)
{
	clock_tick();
	*tv = (struct timeval){ rt_iteration.now / NS_PER_S, rt_iteration.now % NS_PER_S / 1000 };
	return 0;
}

static time_t read_seconds(time_t *out)
{
	time_t now;

	clock_tick();
	now = rt_iteration.now / NS_PER_S;
	if (out)
		*out = now;
	return now;
}

static clock_t read_cpu_time(void)
{
	clock_tick();
	return (clock_t)((rt_iteration.now - RT_START_NS) / 1000);
}

INTERCEPT(int, clock_gettime, (clockid_t clock, struct timespec *ts), read_clock(clock, ts), clock,
	  ts)
INTERCEPT(int, gettimeofday, (struct timeval *restrict tv, void *restrict zone), read_day_time(tv),
	  tv, zone)
INTERCEPT(time_t, time, (time_t * out), read_seconds(out), out)
INTERCEPT(clock_t, clock, (void), read_cpu_time())

INTERCEPT(int, nanosleep, (const struct timespec *ts, struct timespec *left),
	  sleep_for(ns_of(ts), RT_PC()), ts, left)
INTERCEPT(int, clock_nanosleep,
	  (clockid_t clock, int flags, const struct timespec *ts, struct timespec *left),
	  flags &TIMER_ABSTIME ? sleep_until(rt_time_of(clock, ts), RT_PC())
			       : sleep_for(ns_of(ts), RT_PC()),
	  clock, flags, ts, left)
INTERCEPT(int, usleep, (useconds_t us), sleep_for((int64_t)us * 1000, RT_PC()), us)
INTERCEPT(unsigned, sleep, (unsigned seconds),
	  (unsigned)sleep_for((int64_t)seconds *NS_PER_S, RT_PC()), seconds)
INTERCEPT(int, sched_yield, (void), (rt_yield(RT_PC()), 0))
