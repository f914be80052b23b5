// Times as the program gives and gets them; virtual time is in nanoseconds.
#ifndef RACEGATE_RT_TIMESPEC_H
#define RACEGATE_RT_TIMESPEC_H

#include "core/iteration.h"

#include <time.h>

#define RT_NS_PER_S INT64_C(1000000000)

static inline struct timespec rt_timespec(int64_t ns)
{
	return (struct timespec){ ns / RT_NS_PER_S, ns % RT_NS_PER_S };
}

// Nanoseconds in range, as the timed functions require.
static inline bool rt_time_valid(const struct timespec *time)
{
	return time->tv_nsec >= 0 && time->tv_nsec < RT_NS_PER_S;
}

// RT_NEVER: more than can be counted.
int64_t rt_ns_of(const struct timespec *time);
// Virtual time after so many nanoseconds from now; at most the last one that can be reached.
int64_t rt_time_after(int64_t ns);
// What one of the program's clocks shows now.
int64_t rt_clock_now(clockid_t clock);
// Virtual time at which it shows `until`.
int64_t rt_time_of(clockid_t clock, const struct timespec *until);

#endif
