/*
 * Timer descriptors in virtual time: each is an event counter of the kernel's,
 * to which an expired timer adds. So it can be read, polled and closed like any
 * other descriptor.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "outside/outside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { MAX_TIMERS = 64 };

static RT_COLD_STATE struct timer {
	bool used;
	int fd;
	clockid_t clock;
	int64_t expiry, interval; // RT_NEVER: disarmed; 0: once
} timers[MAX_TIMERS];
static RT_ITERATION_STATE unsigned nr_timers; // highest used, plus one

static struct timer *timer_of(int fd)
{
	for (unsigned i = 0; i < nr_timers; i++)
		if (timers[i].used && timers[i].fd == fd)
			return &timers[i];
	return NULL;
}

void rt_timer_closed(int fd)
{
	struct timer *timer = timer_of(fd);

	if (timer)
		timer->used = false;
}

static void timer_expire(struct timer *timer)
{
	uint64_t times = 1;

	if (timer->interval) {
		times += (uint64_t)((rt_iteration.now - timer->expiry) / timer->interval);
		timer->expiry += (int64_t)times * timer->interval;
	} else {
		timer->expiry = RT_NEVER;
	}
	if (RT_REAL(write)(timer->fd, &times, sizeof(times)) != sizeof(times))
		timer->used = false; // it was closed without our notice
}

int64_t rt_timers_fire(void)
{
	int64_t next = RT_NEVER;
	int error = errno;

	for (unsigned i = 0; i < nr_timers; i++) {
		struct timer *timer = &timers[i];

		if (timer->used && timer->expiry <= rt_iteration.now)
			timer_expire(timer);
		if (timer->used && timer->expiry < next)
			next = timer->expiry;
	}
	errno = error;
	return next;
}

static int timer_create_fd(int clock, int flags, uintptr_t pc)
{
	unsigned i = 0;
	int fd;

	rt_point(RT_OP_CALL, 0, 0, pc);
	while (i < MAX_TIMERS && timers[i].used)
		i++;
	if (i == MAX_TIMERS) {
		errno = EMFILE;
		return -1;
	}
	fd = eventfd(0, (flags & TFD_CLOEXEC ? EFD_CLOEXEC : 0) |
				(flags & TFD_NONBLOCK ? EFD_NONBLOCK : 0));
	if (fd < 0)
		return -1;
	timers[i] = (struct timer){ true, fd, clock, RT_NEVER, 0 };
	if (i >= nr_timers)
		nr_timers = i + 1;
	return fd;
}

static void timer_value(const struct timer *timer, struct itimerspec *out)
{
	int64_t left = timer->expiry == RT_NEVER          ? 0
		       : timer->expiry > rt_iteration.now ? timer->expiry - rt_iteration.now
							  : 1;

	out->it_value = rt_timespec(left);
	out->it_interval = rt_timespec(timer->interval);
}

static void timer_drain(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	uint64_t count;

	while (RT_REAL(poll)(&pollfd, 1, 0) > 0 &&
	       RT_REAL(read)(fd, &count, sizeof(count)) == sizeof(count))
		;
}

static int timer_set(struct timer *timer, int flags, const struct itimerspec *to,
		     struct itimerspec *old, uintptr_t pc)
{
	int64_t value;

	rt_point(RT_OP_CALL, (uintptr_t)timer->fd, 0, pc);
	if (old)
		timer_value(timer, old);
	value = rt_ns_of(&to->it_value);
	timer->interval = rt_ns_of(&to->it_interval);
	if (!value)
		timer->expiry = RT_NEVER;
	else if (flags & TFD_TIMER_ABSTIME)
		timer->expiry = rt_time_of(timer->clock, &to->it_value);
	else
		timer->expiry = rt_time_after(value);
	timer_drain(timer->fd);
	rt_timers_fire();
	// Waiting threads take the new time into account.
	for (unsigned i = 0; i < rt_iteration.nr_threads; i++)
		if (rt_iteration.threads[i].wait_type == RT_FD)
			rt_wake(&rt_iteration.threads[i]);
	rt_progress();
	return 0;
}

static int timer_get(const struct timer *timer, struct itimerspec *out)
{
	rt_timers_fire();
	timer_value(timer, out);
	return 0;
}

INTERCEPT(int, timerfd_create, (int clock, int flags), timer_create_fd(clock, flags, RT_PC()),
	  clock, flags)
RT_INTERCEPT_IF(rt_controlled() && timer_of(fd), int, timerfd_settime,
		(int fd, int flags, const struct itimerspec *to, struct itimerspec *old),
		timer_set(timer_of(fd), flags, to, old, RT_PC()), fd, flags, to, old)
RT_INTERCEPT_IF(rt_controlled() && timer_of(fd), int, timerfd_gettime,
		(int fd, struct itimerspec *out), timer_get(timer_of(fd), out), fd, out)
