// All clocks show the same time, except that the realtime ones begin at a fixed date.
#include "engine/timespec.h"

static bool is_wall_clock(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

int64_t rt_ns_of(const struct timespec *time)
{
	if (time->tv_sec > INT64_MAX / RT_NS_PER_S - 1)
		return RT_NEVER;
	return (int64_t)time->tv_sec * RT_NS_PER_S + time->tv_nsec;
}

int64_t rt_time_after(int64_t ns)
{
	return ns < RT_NEVER - rt_iteration.now ? rt_iteration.now + ns : RT_NEVER - 1;
}

int64_t rt_clock_now(clockid_t clock)
{
	return is_wall_clock(clock) ? rt_iteration.now
				    : rt_iteration.now - RT_START_NS + RT_NS_PER_S;
}

int64_t rt_time_of(clockid_t clock, const struct timespec *until)
{
	int64_t ns = rt_ns_of(until);

	return ns == RT_NEVER || is_wall_clock(clock) ? ns : ns + RT_START_NS - RT_NS_PER_S;
}
