/*
 * Virtual time. It passes when it is asked for, and faster when it is asked again
 * and again (somebody polls); when nobody can run, it jumps to the next deadline.
 * Everything else takes no time. All clocks tell the same time, except that the
 * realtime ones begin at a fixed date.
 */
#include "engine/real.h"
#include "engine/sched.h"
#include "model/model.h"
#include "outside/outside.h"

#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S INT64_C(1000000000)

// A thread that reads the clock, and goes on reading it.
static void tick(void)
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

static void sleep_until(int64_t deadline, uintptr_t pc)
{
	rt_point(RT_OP_SLEEP, 0, 0, pc);
	rt_cancel_point(pc);
	if (deadline > rt_iteration.now)
		rt_block_cancellable(RT_TIME, 0, deadline);
	rt_cancel_wait(pc);
}

static void sleep_for(int64_t ns, uintptr_t pc)
{
	sleep_until(ns > RT_NEVER - rt_iteration.now ? RT_NEVER - 1 : rt_iteration.now + ns, pc);
}

void rt_sleep(const struct timespec *time, uintptr_t pc)
{
	sleep_for(ns_of(time), pc);
}

RT_EXPORT int clock_gettime(clockid_t clock, struct timespec *ts)
{
	int64_t now;

	if (!rt_controlled())
		return RT_REAL(clock_gettime)(clock, ts);
	tick();
	now = reading(clock);
	*ts = (struct timespec){ now / NS_PER_S, now % NS_PER_S };
	return 0;
}

RT_EXPORT int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	if (!rt_controlled())
		return RT_REAL(gettimeofday)(tv, zone);
	tick();
	*tv = (struct timeval){ rt_iteration.now / NS_PER_S, rt_iteration.now % NS_PER_S / 1000 };
	return 0;
}

RT_EXPORT time_t time(time_t *out)
{
	time_t now;

	if (!rt_controlled())
		return RT_REAL(time)(out);
	tick();
	now = rt_iteration.now / NS_PER_S;
	if (out)
		*out = now;
	return now;
}

RT_EXPORT clock_t clock(void)
{
	if (!rt_controlled())
		return RT_REAL(clock)();
	tick();
	return (clock_t)((rt_iteration.now - RT_START_NS) / 1000);
}

RT_EXPORT int nanosleep(const struct timespec *ts, struct timespec *left)
{
	if (!rt_controlled())
		return RT_REAL(nanosleep)(ts, left);
	sleep_for(ns_of(ts), RT_PC());
	return 0;
}

RT_EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *ts,
			      struct timespec *left)
{
	if (!rt_controlled())
		return RT_REAL(clock_nanosleep)(clock, flags, ts, left);
	if (flags & TIMER_ABSTIME)
		sleep_until(rt_time_of(clock, ts), RT_PC());
	else
		sleep_for(ns_of(ts), RT_PC());
	return 0;
}

RT_EXPORT int usleep(useconds_t us)
{
	if (!rt_controlled())
		return RT_REAL(usleep)(us);
	sleep_for((int64_t)us * 1000, RT_PC());
	return 0;
}

RT_EXPORT unsigned sleep(unsigned seconds)
{
	if (!rt_controlled())
		return RT_REAL(sleep)(seconds);
	sleep_for((int64_t)seconds * NS_PER_S, RT_PC());
	return 0;
}

RT_EXPORT int sched_yield(void)
{
	if (!rt_controlled())
		return RT_REAL(sched_yield)();
	rt_yield(RT_PC());
	return 0;
}
