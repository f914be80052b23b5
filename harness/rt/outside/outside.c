/*
 * Waiting for what happens outside of the program's memory: descriptors, child
 * processes, signals. A thread that waits for one is blocked like any other; whenever a
 * descriptor has been used, its condition is checked again. When no thread can run,
 * children that still compute are waited for in real time: in virtual time they are
 * infinitely fast.
 */
#include "outside/outside.h"
#include "core/real.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "outside/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <sys/stat.h>
#include <unistd.h>

static RT_COLD_STATE struct {
	bool (*ready)(void *arg);
	void *arg;
} waiting[RT_MAX_THREADS];

// A child has posted what the thread waits for.
static bool posted_by_child(const struct rt_thread *thread)
{
	int value;

	return rt_iteration.processes && thread->wait_type == RT_SEMAPHORE &&
	       !RT_REAL(sem_getvalue)((sem_t *)thread->wait_object, &value) && value > 0;
}

static unsigned wake_ready(void)
{
	unsigned woken = 0;

	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		struct rt_thread *thread = &rt_iteration.threads[i];

		if (thread->state != RT_BLOCKED)
			continue;
		if (waiting[i].ready ? !waiting[i].ready(waiting[i].arg) : !posted_by_child(thread))
			continue;
		rt_wake(thread);
		woken++;
	}
	return woken;
}

void rt_outside_changed(void)
{
	int error = errno;

	rt_progress();
	if (rt_iteration.nr_outside)
		wake_ready();
	errno = error;
}

// Blocks once, as one of those whose conditions are looked at when something has changed.
static void wait_once(enum rt_object_type type, uintptr_t what, bool (*ready)(void *arg), void *arg,
		      int64_t deadline)
{
	const unsigned self = rt_self->id;

	waiting[self].ready = ready;
	waiting[self].arg = arg;
	rt_iteration.nr_outside++;
	rt_suspend_cancellable(type, what, deadline);
	rt_iteration.nr_outside--;
	waiting[self].ready = NULL;
	rt_cancel_wait(rt_self->pending.pc);
}

// A handler runs last: what has become ready before is not to be somebody else's then.
int rt_wait_outside(enum rt_object_type type, uintptr_t what, bool (*ready)(void *arg), void *arg,
		    int64_t deadline, enum rt_ends by)
{
	const uint32_t before = rt_interruptions(by);

	for (;;) {
		int64_t timer = rt_timers_fire();

		if (ready(arg))
			return 0;
		if (rt_self->attention)
			rt_attend();
		if (rt_interruptions(by) != before)
			return EINTR;
		if (deadline <= rt_iteration.now)
			return ETIMEDOUT;
		wait_once(type, what, ready, arg, timer < deadline ? timer : deadline);
	}
}

static bool fd_ready(void *arg)
{
	return RT_REAL(poll)(arg, 1, 0) != 0;
}

bool rt_fd_may_block(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && !(flags & O_NONBLOCK);
}

int rt_wait_fd(int *fd, short events, int64_t deadline, enum rt_ends by)
{
	struct pollfd pollfd = { .fd = *fd, .events = events };
	int error = rt_wait_outside(RT_FD, (uintptr_t)*fd, fd_ready, &pollfd, deadline, by);

	*fd = pollfd.fd;
	return error;
}

int rt_wait_blocking_fd(int *fd, short events)
{
	struct pollfd pollfd = { .fd = *fd, .events = events };

	rt_timers_fire();
	if (!events || fd_ready(&pollfd) || !rt_fd_may_block(*fd))
		return 0;
	return rt_wait_fd(fd, events, RT_NEVER, RT_RESTARTED);
}

void rt_keep_for_waiters(int fd)
{
	enum { OUT_OF_THE_WAY = 512 };
	int error = errno, kept;

	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		struct pollfd *pollfd = waiting[i].arg;

		if (waiting[i].ready != fd_ready || pollfd->fd != fd)
			continue;
		kept = RT_REAL(fcntl)(fd, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
		if (kept >= 0)
			pollfd->fd = kept;
	}
	errno = error;
}

// Whether somebody whom we do not know may be at the other end.
static bool waits_for_strangers(void)
{
	struct stat st;

	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		const struct rt_thread *thread = &rt_iteration.threads[i];

		if (thread->state == RT_BLOCKED && thread->wait_type == RT_FD && waiting[i].ready &&
		    !fstat((int)thread->wait_object, &st) &&
		    (S_ISSOCK(st.st_mode) || S_ISCHR(st.st_mode)))
			return true;
	}
	return false;
}

static bool something_came(void)
{
	rt_timers_fire();
	rt_signals_pull(false);
	return wake_ready() || rt_iteration.nr_ready;
}

/*
 * We have waited for so long, in real time, and both a thread of ours and the children only wait
 * until some time: it passes for them as for us.
 */
static bool time_is_next(int64_t waited)
{
	return rt_iteration.processes && rt_iteration.next_deadline != RT_NEVER &&
	       waited >= (rt_iteration.next_deadline - rt_iteration.now) / RT_CHILD_SPEED &&
	       rt_children_only_sleep();
}

bool rt_outside_event(void)
{
	enum { NAP_US = 200, STRANGERS_MS = 50 };

	for (int naps = 0;; naps++) {
		if (something_came())
			return true;
		if (time_is_next((int64_t)naps * NAP_US * 1000))
			break;
		if (!rt_children_busy() &&
		    (naps >= STRANGERS_MS * 1000 / NAP_US || !waits_for_strangers()))
			break;
		RT_REAL(usleep)(NAP_US);
	}
	// A child's last deed may have been just before it was seen to be at its end.
	if (something_came())
		return true;
	// That nobody can run may be because the model of a lock is the parent's alone.
	if (rt_iteration.shares && rt_iteration.next_deadline == RT_NEVER &&
	    !rt_iteration.nr_deprioritised)
		rt_end_limit("control: a wait for a child process");
	return false;
}
