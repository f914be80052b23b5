/*
 * Condition variables, modelled from POSIX: pthread_cond_wait(), _timedwait(), _signal(),
 * _broadcast(). A signal wakes any one of the waiting threads, by choice; that thread
 * locks the mutex again like any other. It learns what others did from the mutex: a
 * signal alone orders nothing.
 *
 * A wait may end without a signal, as POSIX allows. This is rare and never happens twice
 * in a row to one thread, so that a thread that sleeps forever is still found. Such a
 * thread has never slept; the policy decides when it goes on.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "hb/report.h"
#include "model/model.h"

#include <errno.h>

// MONOTONIC_BIT of __wrefs is put there by pthread_cond_init(), as is the kind of a mutex.
enum { SHARED_BIT = 1, MONOTONIC_BIT = 2, KIND_MASK = 3 };

static struct rt_object *cond_step(enum rt_op op, const pthread_cond_t *cond, uintptr_t pc)
{
	struct rt_object *object = rt_model_step(op, cond, RT_COND, RT_FOUND_CONDVAR_MISUSE, pc);

	if (object && cond->__data.__wrefs & SHARED_BIT)
		rt_report_shared("a process-shared condition variable", pc);
	return object;
}

static clockid_t cond_clock(const pthread_cond_t *cond)
{
	return cond->__data.__wrefs & MONOTONIC_BIT ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

void rt_cond_init(pthread_cond_t *cond, uintptr_t pc)
{
	rt_model_init(cond, RT_COND, RT_FOUND_CONDVAR_MISUSE, pc);
}

// glibc waits for the waiters, forever when nobody wakes them; older POSIX says EBUSY.
int rt_cond_destroy(pthread_cond_t *cond, uintptr_t pc)
{
	return rt_model_destroy(cond_step(RT_OP_CALL, cond, pc), RT_FOUND_CONDVAR_MISUSE, pc);
}

// Waits are undefined without the mutex held, and with different mutexes at the same time.
static enum rt_rule cond_rule_broken(struct rt_object *object, const struct rt_object *held,
				     uintptr_t mutex)
{
	bool others = rt_waiters(RT_COND, object->address, NULL, 0) > 0;

	if (!held)
		return RT_RULE_WAIT_WITHOUT_MUTEX;
	if (others && object->mutex != mutex)
		return RT_RULE_WAIT_WITH_MUTEXES;
	object->mutex = mutex;
	return RT_RULE_NONE;
}

// A wait whose time is up has to report that.
static bool cond_ends_early(const struct rt_object *object, int64_t deadline, uintptr_t pc)
{
	rt_self->spurious = deadline > rt_iteration.now && !rt_self->spurious && rt_spurious();
	if (rt_self->spurious)
		rt_point(RT_OP_SPURIOUS, object->address, 0, pc);
	return rt_self->spurious;
}

int rt_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline, bool spurious,
		 uintptr_t pc)
{
	struct rt_object *object = cond_step(RT_OP_WAIT, cond, pc), *held;
	enum rt_rule broken;
	bool in_time;
	int error;

	if (!object)
		return EINVAL;
	rt_cancel_point(pc);
	held = rt_mutex_for_wait(mutex);
	broken = cond_rule_broken(object, held, (uintptr_t)mutex);
	if (broken)
		rt_report_rule(RT_FOUND_CONDVAR_MISUSE, broken, object->address, pc);
	rt_self->looked = rt_looked_since(held);
	if (held)
		rt_mutex_release(held, pc);
	else if ((mutex->__data.__kind & KIND_MASK) == PTHREAD_MUTEX_ERRORCHECK)
		return EPERM;
	in_time = (spurious && held && cond_ends_early(object, deadline, pc)) ||
		  rt_suspend_cancellable(RT_COND, object->address, deadline);
	error = rt_mutex_lock(mutex, RT_NEVER, pc);
	rt_cancel_wait(pc); // with the mutex held, for the cleanup handlers
	return error || in_time ? error : ETIMEDOUT;
}

int rt_cond_wake(pthread_cond_t *cond, bool all, uintptr_t pc)
{
	struct rt_object *object = cond_step(RT_OP_WAKE, cond, pc);
	struct rt_thread *waiters[RT_MAX_THREADS];
	unsigned nr;

	if (!object)
		return EINVAL;
	nr = rt_waiters(RT_COND, object->address, waiters, RT_MAX_THREADS);
	object->signal_lost = nr == 0;
	object->lost_step = rt_iteration.step;
	object->pc = pc;
	if (!nr)
		return 0;
	rt_progress();
	if (all)
		rt_wake_all(RT_COND, object->address);
	else
		rt_wake(waiters[rt_choose(nr)]);
	return 0;
}

static int cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
			   const struct timespec *until, uintptr_t pc)
{
	if (!rt_time_valid(until))
		return EINVAL;
	return rt_cond_wait(cond, mutex, rt_time_of(clock, until), true, pc);
}

OBSERVE(int, pthread_cond_init, (pthread_cond_t * cond, const pthread_condattr_t *attr),
	rt_cond_init(cond, RT_PC()), cond, attr)
INTERCEPT(int, pthread_cond_destroy, (pthread_cond_t * cond), rt_cond_destroy(cond, RT_PC()), cond)
INTERCEPT(int, pthread_cond_wait, (pthread_cond_t * cond, pthread_mutex_t *mutex),
	  rt_cond_wait(cond, mutex, RT_NEVER, true, RT_PC()), cond, mutex)
INTERCEPT(int, pthread_cond_timedwait,
	  (pthread_cond_t * cond, pthread_mutex_t *mutex, const struct timespec *until),
	  cond_wait_until(cond, mutex, cond_clock(cond), until, RT_PC()), cond, mutex, until)
INTERCEPT(int, pthread_cond_clockwait,
	  (pthread_cond_t * cond, pthread_mutex_t *mutex, clockid_t clock,
	   const struct timespec *until),
	  cond_wait_until(cond, mutex, clock, until, RT_PC()), cond, mutex, clock, until)
INTERCEPT(int, pthread_cond_signal, (pthread_cond_t * cond), rt_cond_wake(cond, false, RT_PC()),
	  cond)
INTERCEPT(int, pthread_cond_broadcast, (pthread_cond_t * cond), rt_cond_wake(cond, true, RT_PC()),
	  cond)
