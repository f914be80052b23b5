/*
 * Threads, modelled from POSIX: pthread_create(), pthread_join(), pthread_detach(),
 * pthread_exit().
 */
#include "core/arch.h"
#include "core/intercept.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "model/model.h"

#include <errno.h>
#include <limits.h>
#include <sys/mman.h>
#include <unistd.h>

RT_PROCESS_STATE uintptr_t rt_early_thread;

bool rt_creates_controlled(uintptr_t pc)
{
	if (!rt_shared && !rt_early_thread)
		rt_early_thread = pc;
	return rt_controlled();
}

static void rt_thread_main(void)
{
	rt_thread_finish(rt_self->start(rt_self->arg));
}

/*
 * The lowest pages fault, so that a stack overflow is detected: by a mark in the page
 * table, or, where the kernel (before Linux 6.13) has none, by an area of their own. The
 * tops are staggered, so that they do not compete for the same cache lines.
 */
static uintptr_t prepare_stack(const struct rt_thread *thread)
{
	enum { COLOURS = 16, APART = 128, GUARD_INSTALL = 102, GUARD = 64 << 10 };

	if (madvise((void *)thread->stack, GUARD, GUARD_INSTALL))
		mprotect((void *)thread->stack, GUARD, PROT_NONE);
	return thread->stack + RT_STACK - (uintptr_t)(thread->id % COLOURS) * APART;
}

static struct rt_thread *next_thread(void)
{
	if (rt_iteration.nr_threads == RT_MAX_THREADS)
		rt_end_limit("256 threads");
	if (rt_iteration.nr_threads == rt_iteration.capacity)
		rt_end(RT_END_THREADS, 0);
	return &rt_iteration.threads[rt_iteration.nr_threads];
}

static void begin_thread(struct rt_thread *child, bool detached, void *(*start)(void *), void *arg,
			 uintptr_t pc)
{
	child->id = (uint16_t)rt_iteration.nr_threads++;
	child->start = start;
	child->arg = arg;
	child->detached = detached;
	rt_thread_fresh(child);
	child->created_pc = pc;
	child->created_step = rt_iteration.step;
	child->signal_mask = rt_self->signal_mask;
	child->pending = (struct rt_pending){ 0, (uintptr_t)start, RT_OP_CALL, 0 };
	child->stack_end = child->stack + RT_STACK;
	child->sp = rt_first_stack(prepare_stack(child), rt_thread_main);
}

int rt_create(pthread_t *handle, bool detached, void *(*start)(void *), void *arg, uintptr_t pc)
{
	struct rt_thread *child = next_thread();

	rt_point(RT_OP_CREATE, (uintptr_t)child, 0, pc);
	child = next_thread(); // others may have created some meanwhile
	rt_progress();
	begin_thread(child, detached, start, arg, pc);
	rt_clock_thread(rt_self, child);
	*handle = child->handle;
	rt_thread_ready(child);
	return 0;
}

void rt_spawn(bool detached, void *(*start)(void *), void *arg, uintptr_t pc)
{
	struct rt_thread *child = next_thread();

	begin_thread(child, detached, start, arg, pc);
	child->signal_mask = UINT64_MAX;
	rt_clock_thread(NULL, child);
	rt_thread_ready(child);
}

static int thread_create(pthread_t *handle, const pthread_attr_t *attr, void *(*start)(void *),
			 void *arg, uintptr_t pc)
{
	int state = PTHREAD_CREATE_JOINABLE;

	if (attr)
		pthread_attr_getdetachstate(attr, &state);
	return rt_create(handle, state == PTHREAD_CREATE_DETACHED, start, arg, pc);
}

RT_INTERCEPT_IF(rt_creates_controlled(RT_PC()), int, pthread_create,
		(pthread_t * handle, const pthread_attr_t *attr, void *(*start)(void *), void *arg),
		thread_create(handle, attr, start, arg, RT_PC()), handle, attr, start, arg)

int rt_join(pthread_t handle, void **result, int64_t deadline, uintptr_t pc)
{
	struct rt_thread *thread = rt_thread_of(handle);

	if (!thread || thread->joined) {
		rt_report_rule(RT_FOUND_API_MISUSE, thread ? RT_RULE_JOINED : RT_RULE_NO_THREAD,
			       (uintptr_t)handle, pc);
		return ESRCH;
	}
	if (thread == rt_self)
		return EDEADLK;
	if (thread->detached)
		return EINVAL;
	rt_point(RT_OP_JOIN, (uintptr_t)thread, 0, pc);
	rt_cancel_point(pc);
	while (thread->state != RT_ENDED) {
		if (rt_wait(RT_THREAD, (uintptr_t)thread, deadline, RT_NEVER_RESTARTED) ==
		    ETIMEDOUT)
			return ETIMEDOUT;
	}
	thread->joined = true;
	rt_clock_join(rt_self, thread);
	if (result)
		*result = thread->result;
	return 0;
}

static int thread_tryjoin(pthread_t handle, void **result, uintptr_t pc)
{
	struct rt_thread *thread;

	rt_point(RT_OP_JOIN, 0, 0, pc);
	thread = rt_thread_of(handle);
	if (thread && thread->state != RT_ENDED)
		return EBUSY;
	return rt_join(handle, result, RT_NEVER, pc);
}

// Without a time it waits as long as it takes.
static int thread_join_until(pthread_t handle, void **result, clockid_t clock,
			     const struct timespec *until, uintptr_t pc)
{
	if (until && !rt_time_valid(until))
		return EINVAL;
	return rt_join(handle, result, until ? rt_time_of(clock, until) : RT_NEVER, pc);
}

int rt_detach(pthread_t handle, uintptr_t pc)
{
	struct rt_thread *thread;

	rt_point(RT_OP_CALL, 0, 0, pc);
	thread = rt_thread_of(handle);
	if (!thread || thread->joined)
		return ESRCH;
	if (thread->detached)
		return EINVAL;
	thread->detached = true;
	return 0;
}

// The scheduler's stack, not the one that the parked thread was made with.
static int thread_attributes(pthread_t handle, pthread_attr_t *attr)
{
	const struct rt_thread *thread = rt_thread_of(handle);

	if (!thread || !thread->id)
		return RT_REAL(pthread_getattr_np)(handle, attr);
	pthread_attr_init(attr);
	pthread_attr_setdetachstate(attr, thread->detached ? PTHREAD_CREATE_DETACHED
							   : PTHREAD_CREATE_JOINABLE);
	return pthread_attr_setstack(attr, (void *)thread->stack, RT_STACK);
}

INTERCEPT(int, pthread_join, (pthread_t handle, void **result),
	  rt_join(handle, result, RT_NEVER, RT_PC()), handle, result)
INTERCEPT(int, pthread_tryjoin_np, (pthread_t handle, void **result),
	  thread_tryjoin(handle, result, RT_PC()), handle, result)
INTERCEPT(int, pthread_timedjoin_np,
	  (pthread_t handle, void **result, const struct timespec *until),
	  thread_join_until(handle, result, CLOCK_REALTIME, until, RT_PC()), handle, result, until)
INTERCEPT(int, pthread_clockjoin_np,
	  (pthread_t handle, void **result, clockid_t clock, const struct timespec *until),
	  thread_join_until(handle, result, clock, until, RT_PC()), handle, result, clock, until)
INTERCEPT(int, pthread_detach, (pthread_t handle), rt_detach(handle, RT_PC()), handle)
INTERCEPT(int, pthread_getattr_np, (pthread_t handle, pthread_attr_t *attr),
	  thread_attributes(handle, attr), handle, attr)

RT_EXPORT void pthread_exit(void *result)
{
	if (rt_controlled())
		rt_unwind(result, RT_PC());
	RT_REAL(pthread_exit)(result);
	__builtin_unreachable();
}
