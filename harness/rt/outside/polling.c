/*
 * Waiting for several descriptors at once: the kernel is asked again whenever something
 * has changed, and time-outs are virtual.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "outside/outside.h"
#include "outside/signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

static int64_t deadline_after(int64_t ns)
{
	return ns < 0 ? RT_NEVER : rt_time_after(ns);
}

static int64_t deadline_after_ms(int ms)
{
	return deadline_after(ms < 0 ? -1 : (int64_t)ms * 1000000);
}

static int64_t deadline_after_timeval(const struct timeval *tv)
{
	return deadline_after(tv ? tv->tv_sec * RT_NS_PER_S + tv->tv_usec * 1000 : -1);
}

static int64_t deadline_after_timespec(const struct timespec *ts)
{
	return deadline_after(ts ? rt_ns_of(ts) : -1);
}

// Of a wait that has ended: errno says so.
static bool interrupted(int error)
{
	if (error == EINTR)
		errno = EINTR;
	return error == EINTR;
}

/*
 * Waits until something is ready, with another mask if there is one: what is sent before
 * the call finds the mask as it was, and what is pending then ends the wait. False: a
 * handler has.
 */
static bool wait_masked(uintptr_t fd, bool (*ready)(void *arg), void *arg, int64_t deadline,
			const sigset_t *mask, uintptr_t pc)
{
	uint64_t before;
	int error;

	rt_point(RT_OP_WAIT, 0, 0, pc);
	rt_cancel_point(pc);
	before = mask ? rt_mask_enter(mask) : 0;
	error = rt_wait_outside(RT_FD, fd, ready, arg, deadline, RT_NEVER_RESTARTED);
	if (mask)
		rt_mask_leave(before);
	return !interrupted(error);
}

struct polled {
	struct pollfd *fds;
	nfds_t nr;
};

static bool some_ready(void *arg)
{
	const struct polled *polled = arg;

	return RT_REAL(poll)(polled->fds, polled->nr, 0) != 0;
}

static int poll_until(struct pollfd *fds, nfds_t nr, int64_t deadline, const sigset_t *mask,
		      uintptr_t pc)
{
	struct polled polled = { fds, nr };

	if (!wait_masked(nr ? (uintptr_t)fds[0].fd : 0, some_ready, &polled, deadline, mask, pc))
		return -1;
	return RT_REAL(poll)(fds, nr, 0);
}

INTERCEPT_OWN(int, poll, (struct pollfd * fds, nfds_t nr, int ms),
	      poll_until(fds, nr, deadline_after_ms(ms), NULL, RT_PC()), fds, nr, ms)
INTERCEPT_OWN(int, ppoll,
	      (struct pollfd * fds, nfds_t nr, const struct timespec *timeout,
	       const sigset_t *mask),
	      poll_until(fds, nr, deadline_after_timespec(timeout), mask, RT_PC()), fds, nr,
	      timeout, mask)

struct selected {
	int nr;
	fd_set *sets[3];
};

static int select_now(int nr, fd_set *const sets[3])
{
	struct timeval none = { 0, 0 };

	return RT_REAL(select)(nr, sets[0], sets[1], sets[2], &none);
}

static bool some_selected(void *arg)
{
	const struct selected *selected = arg;
	fd_set copies[3], *sets[3] = { NULL };

	for (int i = 0; i < 3; i++)
		if (selected->sets[i]) {
			copies[i] = *selected->sets[i];
			sets[i] = &copies[i];
		}
	return select_now(selected->nr, sets) != 0;
}

static int first_of(int nr, const fd_set *set)
{
	for (int fd = 0; set && fd < nr; fd++)
		if (FD_ISSET(fd, set))
			return fd;
	return 0;
}

static int select_until(int nr, fd_set *in, fd_set *out, fd_set *special, int64_t deadline,
			const sigset_t *mask, uintptr_t pc)
{
	struct selected selected = { nr, { in, out, special } };

	if (!wait_masked((uintptr_t)first_of(nr, in), some_selected, &selected, deadline, mask, pc))
		return -1;
	return select_now(nr, selected.sets);
}

INTERCEPT_OWN(int, select,
	      (int nr, fd_set *restrict in, fd_set *restrict out, fd_set *restrict special,
	       struct timeval *restrict timeout),
	      select_until(nr, in, out, special, deadline_after_timeval(timeout), NULL, RT_PC()),
	      nr, in, out, special, timeout)
INTERCEPT_OWN(int, pselect,
	      (int nr, fd_set *restrict in, fd_set *restrict out, fd_set *restrict special,
	       const struct timespec *restrict timeout, const sigset_t *restrict mask),
	      select_until(nr, in, out, special, deadline_after_timespec(timeout), mask, RT_PC()),
	      nr, in, out, special, timeout, mask)

static int epoll_until(int fd, struct epoll_event *events, int max, int64_t deadline,
		       const sigset_t *mask, uintptr_t pc)
{
	int n, error = 0, used = fd;
	uint64_t before;

	rt_point(RT_OP_WAIT, (uintptr_t)fd, 0, pc);
	rt_cancel_point(pc);
	rt_timers_fire();
	before = mask ? rt_mask_enter(mask) : 0;
	while (!(n = RT_REAL(epoll_wait)(used, events, max, 0)) && !error)
		error = rt_wait_fd(&used, POLLIN, deadline, RT_NEVER_RESTARTED);
	if (mask)
		rt_mask_leave(before);
	if (used != fd)
		RT_REAL(close)(used);
	rt_progress();
	return !n && interrupted(error) ? -1 : n;
}

static int epoll_change(int fd, int what, int on, struct epoll_event *event, uintptr_t pc)
{
	int rc;

	rt_point(RT_OP_CALL, (uintptr_t)fd, 0, pc);
	rc = RT_REAL(epoll_ctl)(fd, what, on, event);
	rt_outside_changed();
	return rc;
}

INTERCEPT_OWN(int, epoll_wait, (int fd, struct epoll_event *events, int max, int ms),
	      epoll_until(fd, events, max, deadline_after_ms(ms), NULL, RT_PC()), fd, events, max,
	      ms)
INTERCEPT_OWN(int, epoll_pwait,
	      (int fd, struct epoll_event *events, int max, int ms, const sigset_t *mask),
	      epoll_until(fd, events, max, deadline_after_ms(ms), mask, RT_PC()), fd, events, max,
	      ms, mask)
INTERCEPT_OWN(int, epoll_pwait2,
	      (int fd, struct epoll_event *events, int max, const struct timespec *timeout,
	       const sigset_t *mask),
	      epoll_until(fd, events, max, deadline_after_timespec(timeout), mask, RT_PC()), fd,
	      events, max, timeout, mask)
INTERCEPT_OWN(int, epoll_ctl, (int fd, int what, int on, struct epoll_event *event),
	      epoll_change(fd, what, on, event, RT_PC()), fd, what, on, event)
