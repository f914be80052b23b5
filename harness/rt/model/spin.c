/*
 * Spin locks: who would spin waits. Nothing in one says that processes share it, so
 * each is really taken as well: children have only that.
 */
#include "engine/object.h"
#include "engine/real.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/report.h"

#include <errno.h>

// NULL: there is no lock there. It is reported then.
static struct rt_object *spin_at(pthread_spinlock_t *lock, uintptr_t pc)
{
	struct rt_object *object = rt_object((uintptr_t)lock, RT_SPIN);

	if (object && !object->destroyed)
		return object;
	rt_report_here(RT_FOUND_INVALID_LOCK, (uintptr_t)lock, pc);
	return NULL;
}

static int take(struct rt_object *object, uintptr_t pc)
{
	rt_progress();
	object->owner = rt_self->id;
	rt_hold(object, pc);
	rt_acquire(object->clock);
	return 0;
}

RT_EXPORT int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	if (rt_controlled()) {
		const struct rt_object *object = rt_object_find((uintptr_t)lock);

		rt_point(RT_OP_CALL, (uintptr_t)lock, 0, RT_PC());
		if (object && object->type == RT_SPIN && object->owner >= 0)
			rt_report_here(RT_FOUND_API_MISUSE, (uintptr_t)lock, RT_PC());
		rt_object_forget((uintptr_t)lock);
	}
	return RT_REAL(pthread_spin_init)(lock, shared);
}

RT_EXPORT int pthread_spin_destroy(pthread_spinlock_t *lock)
{
	struct rt_object *object;

	if (!rt_controlled())
		return RT_REAL(pthread_spin_destroy)(lock);
	rt_point(RT_OP_CALL, (uintptr_t)lock, 0, RT_PC());
	object = spin_at(lock, RT_PC());
	if (!object)
		return EINVAL;
	if (object->owner >= 0) {
		rt_report_here(RT_FOUND_DESTROY_LOCKED, (uintptr_t)lock, RT_PC());
		return EBUSY;
	}
	object->destroyed = true;
	return 0;
}

// Its owner waits for itself.
RT_EXPORT int pthread_spin_lock(pthread_spinlock_t *lock)
{
	struct rt_object *object;

	if (!rt_controlled())
		return RT_REAL(pthread_spin_lock)(lock);
	rt_point(RT_OP_LOCK, (uintptr_t)lock, 0, RT_PC());
	object = spin_at(lock, RT_PC());
	if (!object)
		return EINVAL;
	if (object->owner == rt_self->id)
		rt_report_here(RT_FOUND_DOUBLE_LOCK, object->address, RT_PC());
	while (object->owner >= 0 || RT_REAL(pthread_spin_trylock)(lock))
		rt_block(RT_SPIN, object->address, RT_NEVER);
	return take(object, RT_PC());
}

RT_EXPORT int pthread_spin_trylock(pthread_spinlock_t *lock)
{
	struct rt_object *object;

	if (!rt_controlled())
		return RT_REAL(pthread_spin_trylock)(lock);
	rt_point(RT_OP_LOCK, (uintptr_t)lock, 0, RT_PC());
	object = spin_at(lock, RT_PC());
	if (!object)
		return EINVAL;
	return object->owner >= 0 || RT_REAL(pthread_spin_trylock)(lock) ? EBUSY
									 : take(object, RT_PC());
}

// As in glibc, anybody's unlock frees it.
RT_EXPORT int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	struct rt_object *object;

	if (!rt_controlled())
		return RT_REAL(pthread_spin_unlock)(lock);
	rt_point(RT_OP_UNLOCK, (uintptr_t)lock, 0, RT_PC());
	object = spin_at(lock, RT_PC());
	if (!object)
		return EINVAL;
	if (object->owner != rt_self->id)
		rt_report_here(RT_FOUND_BAD_UNLOCK, object->address, RT_PC());
	if (object->owner >= 0)
		rt_let_go(&rt_iteration.threads[object->owner], object);
	rt_progress();
	RT_REAL(pthread_spin_unlock)(lock);
	object->owner = -1;
	rt_release_only(&object->clock);
	rt_wake_all(RT_SPIN, object->address);
	return 0;
}
