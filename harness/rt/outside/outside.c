/*
 * Waiting for what happens outside of the program's memory: descriptors, child
 * processes, signals. A thread that waits for one is blocked like any other, and
 * asked again whether its condition holds whenever somebody has used a
 * descriptor. When nobody can run, children that still compute are waited for in
 * real time: in virtual time they are infinitely fast.
 */
#include "outside/outside.h"
#include "engine/real.h"
#include "engine/sched.h"
#include "model/model.h"

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

// A child has posted, or unlocked, what the thread waits for.
static bool freed_by_child(const struct rt_thread *thread)
{
	enum { SHARED_BIT = 128, OWNER_DIED = 0x40000000, OWNER = 0x3fffffff };
	const pthread_mutex_t *mutex;
	int value;

	switch (thread->wait_type) {
	case RT_SEMAPHORE:
		return !RT_REAL(sem_getvalue)((sem_t *)thread->wait_object, &value) && value > 0;
	case RT_MUTEX:
		mutex = (const pthread_mutex_t *)thread->wait_object;
		value = *(const volatile int *)&mutex->__data.__lock;
		return mutex->__data.__kind & SHARED_BIT &&
		       (!value || (value & OWNER_DIED && !(value & OWNER)));
	case RT_SPIN:
		return !RT_REAL(pthread_spin_trylock)((pthread_spinlock_t *)thread->wait_object) &&
		       !RT_REAL(pthread_spin_unlock)((pthread_spinlock_t *)thread->wait_object);
	default:
		return false;
	}
}

static unsigned wake_ready(void)
{
	unsigned woken = 0;

	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		struct rt_thread *thread = &rt_iteration.threads[i];

		if (thread->state != RT_BLOCKED)
			continue;
		if (waiting[i].ready ? !waiting[i].ready(waiting[i].arg)
				     : !rt_iteration.processes || !freed_by_child(thread))
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

bool rt_wait_outside(enum rt_object_type type, uintptr_t what, bool (*ready)(void *arg), void *arg,
		     int64_t deadline)
{
	unsigned self = rt_self->id;

	for (;;) {
		int64_t timer = rt_timers_fire();

		if (ready(arg))
			return true;
		if (deadline <= rt_iteration.now)
			return false;
		waiting[self].ready = ready;
		waiting[self].arg = arg;
		rt_iteration.nr_outside++;
		rt_block(type, what, timer < deadline ? timer : deadline);
		rt_iteration.nr_outside--;
		waiting[self].ready = NULL;
	}
}

static bool fd_ready(void *arg)
{
	return RT_REAL(poll)(arg, 1, 0) != 0;
}

static bool may_block(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && !(flags & O_NONBLOCK);
}

bool rt_wait_fd(int fd, short events, int64_t deadline)
{
	struct pollfd pollfd = { .fd = fd, .events = events };

	return rt_wait_outside(RT_FD, (uintptr_t)fd, fd_ready, &pollfd, deadline);
}

void rt_wait_blocking_fd(int fd, short events)
{
	struct pollfd pollfd = { .fd = fd, .events = events };

	rt_timers_fire();
	if (!fd_ready(&pollfd) && may_block(fd))
		rt_wait_fd(fd, events, RT_NEVER);
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

/*
 * Who waits for a condition variable that processes share looks whether a child has
 * done what it waits for: once for each time that the children have moved.
 */
static unsigned let_look(bool moved)
{
	static RT_ITERATION_STATE unsigned long looked; // less one; 0: never
	unsigned long now;
	unsigned woken = 0;

	for (unsigned i = 0; rt_iteration.processes && i < rt_iteration.nr_threads; i++) {
		struct rt_thread *thread = &rt_iteration.threads[i];

		if (thread->state != RT_BLOCKED || thread->wait_type != RT_COND ||
		    !rt_cond_is_shared(thread->wait_object))
			continue;
		if (!moved && (now = rt_children_moved() + 1) == looked)
			return 0;
		if (!moved)
			looked = now;
		moved = true;
		rt_wake(thread);
		woken++;
	}
	return woken;
}

bool rt_outside_event(void)
{
	enum { NAP_US = 200, STRANGERS_MS = 50, PATIENCE = 50 };
	int naps = 0;

	for (;;) {
		rt_timers_fire();
		if (wake_ready())
			return true;
		if (!rt_children_busy() &&
		    (naps >= STRANGERS_MS * 1000 / NAP_US || !waits_for_strangers()))
			return wake_ready() > 0 || let_look(false) > 0;
		RT_REAL(usleep)(NAP_US);
		if (++naps % PATIENCE == 0 && let_look(true))
			return true;
	}
}
