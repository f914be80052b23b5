/*
 * Spin locks, modelled from POSIX: pthread_spin_lock(). A thread that would spin waits. A
 * lock is known to be process-shared only if it was initialised under control.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/report.h"

#include <errno.h>

// NULL: there is no lock there. It is reported then.
static struct rt_object *spin_at(pthread_spinlock_t *lock, uintptr_t pc)
{
	struct rt_object *object = rt_object((uintptr_t)lock, RT_SPIN);

	if (object && !object->destroyed) {
		if (object->flavour == PTHREAD_PROCESS_SHARED)
			rt_report_shared("a process-shared spin lock", pc);
		return object;
	}
	rt_report_here(RT_FOUND_INVALID_LOCK, (uintptr_t)lock, pc);
	return NULL;
}

static int spin_take(struct rt_object *object, uintptr_t pc)
{
	rt_progress();
	object->owner = rt_self->id;
	rt_hold(object, pc);
	rt_acquire(object->clock);
	return 0;
}

static void spin_init(pthread_spinlock_t *lock, int shared, uintptr_t pc)
{
	struct rt_object *object = rt_object_find((uintptr_t)lock);

	rt_point(RT_OP_CALL, (uintptr_t)lock, 0, pc);
	if (object && object->type == RT_SPIN && object->owner >= 0)
		rt_report_here(RT_FOUND_API_MISUSE, (uintptr_t)lock, pc);
	rt_object_forget((uintptr_t)lock);
	object = rt_object((uintptr_t)lock, RT_SPIN);
	object->flavour = (uint8_t)shared;
}

static int spin_destroy(pthread_spinlock_t *lock, uintptr_t pc)
{
	struct rt_object *object;

	rt_point(RT_OP_CALL, (uintptr_t)lock, 0, pc);
	object = spin_at(lock, pc);
	if (!object)
		return EINVAL;
	if (object->owner >= 0) {
		rt_report_here(RT_FOUND_DESTROY_LOCKED, (uintptr_t)lock, pc);
		return EBUSY;
	}
	object->destroyed = true;
	return 0;
}

// Its owner waits for itself.
static int spin_lock(pthread_spinlock_t *lock, uintptr_t pc)
{
	struct rt_object *object;

	rt_point(RT_OP_LOCK, (uintptr_t)lock, 0, pc);
	object = spin_at(lock, pc);
	if (!object)
		return EINVAL;
	if (object->owner == rt_self->id)
		rt_report_here(RT_FOUND_DOUBLE_LOCK, object->address, pc);
	while (object->owner >= 0)
		rt_block(RT_SPIN, object->address, RT_NEVER);
	return spin_take(object, pc);
}

static int spin_trylock(pthread_spinlock_t *lock, uintptr_t pc)
{
	struct rt_object *object;

	rt_point(RT_OP_LOCK, (uintptr_t)lock, 0, pc);
	object = spin_at(lock, pc);
	if (!object)
		return EINVAL;
	return object->owner >= 0 ? EBUSY : spin_take(object, pc);
}

// As in glibc, anybody's unlock frees it.
static int spin_unlock(pthread_spinlock_t *lock, uintptr_t pc)
{
	struct rt_object *object;

	rt_point(RT_OP_UNLOCK, (uintptr_t)lock, 0, pc);
	object = spin_at(lock, pc);
	if (!object)
		return EINVAL;
	if (object->owner != rt_self->id)
		rt_report_here(RT_FOUND_BAD_UNLOCK, object->address, pc);
	if (object->owner >= 0)
		rt_let_go(&rt_iteration.threads[object->owner], object);
	rt_progress();
	object->owner = -1;
	rt_release_only(&object->clock);
	rt_wake_all(RT_SPIN, object->address);
	return 0;
}

OBSERVE(int, pthread_spin_init, (pthread_spinlock_t * lock, int shared),
	spin_init(lock, shared, RT_PC()), lock, shared)
INTERCEPT(int, pthread_spin_destroy, (pthread_spinlock_t * lock), spin_destroy(lock, RT_PC()), lock)
INTERCEPT(int, pthread_spin_lock, (pthread_spinlock_t * lock), spin_lock(lock, RT_PC()), lock)
INTERCEPT(int, pthread_spin_trylock, (pthread_spinlock_t * lock), spin_trylock(lock, RT_PC()), lock)
INTERCEPT(int, pthread_spin_unlock, (pthread_spinlock_t * lock), spin_unlock(lock, RT_PC()), lock)
