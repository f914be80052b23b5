/*
 * Barriers. How many a barrier is for stands in the barrier itself, where
 * pthread_barrier_init() puts it. The last to come opens it: all learn what all
 * did before they came, and the last is told that it was.
 *
 * One that processes share is counted in its own memory, in glibc's way: children
 * are not controlled, and have only that.
 */
#include "engine/intercept.h"
#include "engine/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "outside/outside.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

// struct pthread_barrier of glibc.
struct memory {
	atomic_uint in, opened; // so many came; so many of them may go
	unsigned count;
	int shared;
	atomic_uint out;
};

// NULL: there is no barrier there. It is reported then.
static struct rt_object *barrier_at(const pthread_barrier_t *barrier, uintptr_t pc)
{
	struct rt_object *object = rt_object((uintptr_t)barrier, RT_BARRIER);

	if (object && !object->limit)
		object->limit = ((const struct memory *)barrier)->count;
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

static void wake_processes(atomic_uint *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

// Two rounds are never open at once, so two clocks do.
static uint32_t **clock_of_round(struct rt_object *object, unsigned round)
{
	return round & 1 ? &object->readers : &object->clock;
}

// Which it is of those that ever came, from 1.
static unsigned arrive(struct memory *memory, struct rt_object *object)
{
	unsigned number = atomic_fetch_add(&memory->in, 1) + 1;
	unsigned opened = atomic_load(&memory->opened);
	unsigned round = (number - 1) / memory->count;

	if (object->round == round + 1)
		rt_release(clock_of_round(object, round));
	else
		rt_release_only(clock_of_round(object, round));
	object->round = round + 1;
	while (opened + memory->count <= number)
		if (atomic_compare_exchange_weak(&memory->opened, &opened,
						 number - number % memory->count)) {
			wake_processes(&memory->opened);
			rt_wake_all(RT_BARRIER, object->address);
			break;
		}
	return number;
}

// Who destroys it waits until all have gone.
static void leave(struct memory *memory)
{
	const unsigned half = UINT_MAX / 2, last = half - half % memory->count;

	if (atomic_fetch_add(&memory->out, 1) + 1 != last)
		return;
	atomic_store(&memory->opened, 0);
	atomic_store(&memory->out, 0);
	atomic_store(&memory->in, 0);
	wake_processes(&memory->in);
}

struct arrival {
	struct memory *memory;
	unsigned number;
};

static bool may_go(void *arg)
{
	const struct arrival *arrival = arg;

	return arrival->number <= atomic_load(&arrival->memory->opened);
}

static int wait_for_processes(struct memory *memory, struct rt_object *object)
{
	struct arrival arrival = { memory, 0 };
	unsigned round;

	rt_progress();
	arrival.number = arrive(memory, object);
	round = (arrival.number - 1) / memory->count;
	rt_wait_outside(RT_BARRIER, object->address, may_go, &arrival, RT_NEVER);
	rt_acquire(*clock_of_round(object, round));
	leave(memory);
	return arrival.number % memory->count ? 0 : PTHREAD_BARRIER_SERIAL_THREAD;
}

static void barrier_init(const pthread_barrier_t *barrier, unsigned count, uintptr_t pc)
{
	rt_point(RT_OP_CALL, (uintptr_t)barrier, 0, pc);
	if (!waited_on(barrier, pc) && !count)
		rt_report_here(RT_FOUND_BARRIER_MISUSE, (uintptr_t)barrier, pc);
	rt_object_forget((uintptr_t)barrier);
}

static int barrier_destroy(pthread_barrier_t *barrier, uintptr_t pc)
{
	struct rt_object *object;

	rt_point(RT_OP_CALL, (uintptr_t)barrier, 0, pc);
	object = barrier_at(barrier, pc);
	if (!object)
		return EINVAL;
	if (waited_on(barrier, pc))
		return EBUSY;
	object->destroyed = true;
	return 0;
}

static int barrier_wait(pthread_barrier_t *barrier, uintptr_t pc)
{
	struct rt_object *object;
	uint64_t round;

	rt_point(RT_OP_WAIT, (uintptr_t)barrier, 0, pc);
	object = barrier_at(barrier, pc);
	if (!object)
		return EINVAL;
	if (((struct memory *)barrier)->shared)
		return wait_for_processes((struct memory *)barrier, object);
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

OBSERVE(int, pthread_barrier_init,
	(pthread_barrier_t * barrier, const pthread_barrierattr_t *attr, unsigned count),
	barrier_init(barrier, count, RT_PC()), barrier, attr, count)
INTERCEPT(int, pthread_barrier_destroy, (pthread_barrier_t * barrier),
	  barrier_destroy(barrier, RT_PC()), barrier)
INTERCEPT(int, pthread_barrier_wait, (pthread_barrier_t * barrier), barrier_wait(barrier, RT_PC()),
	  barrier)
