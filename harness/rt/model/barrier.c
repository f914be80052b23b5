/*
 * Barriers, modelled from POSIX: pthread_barrier_init(), _destroy(), _wait(). The count
 * is in the barrier itself, where pthread_barrier_init() puts it. The last thread to
 * arrive opens it: each learns what all did before they arrived, and the last one gets
 * PTHREAD_BARRIER_SERIAL_THREAD.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "model/model.h"

#include <errno.h>

// struct pthread_barrier of glibc.
struct barrier {
	unsigned arrived, opened, count;
	int shared;
};

// NULL: there is no barrier there, or it was never initialised. It is reported then.
static struct rt_object *barrier_step(enum rt_op op, const pthread_barrier_t *barrier, uintptr_t pc)
{
	const struct barrier *its = (const struct barrier *)barrier;
	struct rt_object *object =
		rt_model_step(op, barrier, RT_BARRIER, RT_FOUND_BARRIER_MISUSE, pc);

	if (!object)
		return NULL;
	if (!object->limit)
		object->limit = its->count;
	if (!object->limit) {
		rt_report_rule(RT_FOUND_BARRIER_MISUSE, RT_RULE_NOT_MADE, object->address, pc);
		return NULL;
	}
	if (its->shared)
		rt_report_shared("a process-shared barrier", pc);
	return object;
}

// The waiters learn it at once: threads that arrive for the next round are not waited for.
static void barrier_open(struct rt_object *object)
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

static void barrier_init(const pthread_barrier_t *barrier, unsigned count, uintptr_t pc)
{
	rt_model_init(barrier, RT_BARRIER, RT_FOUND_BARRIER_MISUSE, pc);
	if (!count)
		rt_report_rule(RT_FOUND_BARRIER_MISUSE, RT_RULE_NO_COUNT, (uintptr_t)barrier, pc);
}

static int barrier_wait(pthread_barrier_t *barrier, uintptr_t pc)
{
	struct rt_object *object = barrier_step(RT_OP_WAIT, barrier, pc);
	uint32_t handled;
	uint64_t round;

	if (!object)
		return EINVAL;
	if (object->count)
		rt_release(&object->clock);
	else
		rt_release_only(&object->clock);
	if (++object->count == object->limit) {
		barrier_open(object);
		return PTHREAD_BARRIER_SERIAL_THREAD;
	}
	handled = rt_self->handled;
	for (round = object->round; round == object->round;)
		rt_block(RT_BARRIER, object->address, RT_NEVER);
	if (rt_self->handled != handled) // it may have been elsewhere when the barrier opened
		rt_acquire(object->clock);
	return 0;
}

OBSERVE(int, pthread_barrier_init,
	(pthread_barrier_t * barrier, const pthread_barrierattr_t *attr, unsigned count),
	barrier_init(barrier, count, RT_PC()), barrier, attr, count)
INTERCEPT(int, pthread_barrier_destroy, (pthread_barrier_t * barrier),
	  rt_model_destroy(barrier_step(RT_OP_CALL, barrier, RT_PC()), RT_FOUND_BARRIER_MISUSE,
			   RT_PC()),
	  barrier)
INTERCEPT(int, pthread_barrier_wait, (pthread_barrier_t * barrier), barrier_wait(barrier, RT_PC()),
	  barrier)
