/*
 * Barriers. How many a barrier is for stands in the barrier itself, where
 * pthread_barrier_init() puts it. The last to come opens it: all learn what all
 * did before they came, and the last is told that it was.
 */
#include "rt.h"

#include <errno.h>

enum { LIMIT_AT = 2 }; // struct pthread_barrier of glibc: in, current_round, count, …

// NULL: there is no barrier there. It is reported then.
static struct rt_object *barrier_at(const pthread_barrier_t *barrier, uintptr_t pc)
{
	struct rt_object *object = rt_object((uintptr_t)barrier, RT_BARRIER);

	if (object && !object->limit)
		object->limit = ((const unsigned *)barrier)[LIMIT_AT];
	if (object && object->limit && !object->destroyed)
		return object;
	rt_report_here(RT_FOUND_BARRIER_MISUSE, (uintptr_t)barrier, pc);
	return NULL;
}

static bool waited_on(const pthread_barrier_t *barrier, uintptr_t pc)
{
	if (!rt_waiters(RT_BARRIER, (uintptr_t)barrier, NULL, 0))
		return false;
	rt_report_here(RT_FOUND_BARRIER_MISUSE, (uintptr_t)barrier, pc);
	return true;
}

// To the waiters at once: those who come for the next round are not waited for.
static void open_barrier(struct rt_object *object)
{
	struct rt_thread *waiters[RT_MAX_THREADS];
	unsigned nr = rt_waiters(RT_BARRIER, object->address, waiters, RT_MAX_THREADS);

	rt_acquire(object->clock);
	for (unsigned i = 0; i < nr; i++) {
		rt_clock_join(waiters[i], rt_self);
		rt_wake(waiters[i]);
	}
	rt_release_only(&object->clock);
	object->count = 0;
	object->round++;
	rt_progress();
}

RT_EXPORT int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attr,
				   unsigned count)
{
	if (rt_controlled()) {
		rt_point(RT_OP_CALL, (uintptr_t)barrier, 0, RT_PC());
		if (!waited_on(barrier, RT_PC()) && !count)
			rt_report_here(RT_FOUND_BARRIER_MISUSE, (uintptr_t)barrier, RT_PC());
		rt_object_forget((uintptr_t)barrier);
	}
	return RT_REAL(pthread_barrier_init)(barrier, attr, count);
}

RT_EXPORT int pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	struct rt_object *object;

	if (!rt_controlled())
		return RT_REAL(pthread_barrier_destroy)(barrier);
	rt_point(RT_OP_CALL, (uintptr_t)barrier, 0, RT_PC());
	object = barrier_at(barrier, RT_PC());
	if (!object)
		return EINVAL;
	if (waited_on(barrier, RT_PC()))
		return EBUSY;
	object->destroyed = true;
	return 0;
}

RT_EXPORT int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct rt_object *object;
	uint64_t round;

	if (!rt_controlled())
		return RT_REAL(pthread_barrier_wait)(barrier);
	rt_point(RT_OP_WAIT, (uintptr_t)barrier, 0, RT_PC());
	object = barrier_at(barrier, RT_PC());
	if (!object)
		return EINVAL;
	if (object->count)
		rt_release(&object->clock);
	else
		rt_release_only(&object->clock);
	if (++object->count == object->limit) {
		open_barrier(object);
		return PTHREAD_BARRIER_SERIAL_THREAD;
	}
	for (round = object->round; round == object->round;)
		rt_block(RT_BARRIER, object->address, RT_NEVER);
	return 0;
}
