/*
 * Spin locks, modelled from POSIX: pthread_spin_lock(). A thread that would spin waits. A
 * lock is known to be process-shared only if it was initialised under control.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "model/model.h"

#include <errno.h>

static struct rt_object *spin_step(enum rt_op op, pthread_spinlock_t *lock, uintptr_t pc)
{
	struct rt_object *object = rt_model_step(op, lock, RT_SPIN, RT_FOUND_INVALID_LOCK, pc);

	if (object && object->flavour == PTHREAD_PROCESS_SHARED)
		rt_report_shared("a process-shared spin lock", pc);
	return object;
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
	rt_model_init(lock, RT_SPIN, RT_FOUND_API_MISUSE, pc);
	rt_object((uintptr_t)lock, RT_SPIN)->flavour = (uint8_t)shared;
}

// Its owner waits for itself.
static int spin_lock(pthread_spinlock_t *lock, uintptr_t pc)
{
	struct rt_object *object = spin_step(RT_OP_LOCK, lock, pc);

	if (!object)
		return EINVAL;
	if (object->owner == rt_self->id)
		rt_report_rule(RT_FOUND_DOUBLE_LOCK, RT_RULE_LOCKED_TWICE, object->address, pc);
	while (object->owner >= 0)
		rt_block(RT_SPIN, object->address, RT_NEVER);
	return spin_take(object, pc);
}

static int spin_trylock(pthread_spinlock_t *lock, uintptr_t pc)
{
	struct rt_object *object = spin_step(RT_OP_LOCK, lock, pc);

	if (!object)
		return EINVAL;
	return object->owner >= 0 ? EBUSY : spin_take(object, pc);
}

// As in glibc, anybody's unlock frees it.
static int spin_unlock(pthread_spinlock_t *lock, uintptr_t pc)
{
	struct rt_object *object = spin_step(RT_OP_UNLOCK, lock, pc);

	if (!object)
		return EINVAL;
	if (object->owner != rt_self->id)
		rt_report_rule(RT_FOUND_BAD_UNLOCK,
			       object->owner < 0 ? RT_RULE_NOT_LOCKED : RT_RULE_NOT_HOLDER,
			       object->address, pc);
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
INTERCEPT(int, pthread_spin_destroy, (pthread_spinlock_t * lock),
	  rt_model_destroy(spin_step(RT_OP_CALL, lock, RT_PC()), RT_FOUND_DESTROY_LOCKED, RT_PC()),
	  lock)
INTERCEPT(int, pthread_spin_lock, (pthread_spinlock_t * lock), spin_lock(lock, RT_PC()), lock)
INTERCEPT(int, pthread_spin_trylock, (pthread_spinlock_t * lock), spin_trylock(lock, RT_PC()), lock)
INTERCEPT(int, pthread_spin_unlock, (pthread_spinlock_t * lock), spin_unlock(lock, RT_PC()), lock)
