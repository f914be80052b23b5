/*
 * Read-write locks, modelled from POSIX: pthread_rwlock_rdlock(), _wrlock(), _unlock(); of
 * the kinds that glibc has: readers go first unless the lock was made to prefer writers.
 * The owner is the writer, the count is the number of readers; each thread's list of held
 * locks says which threads read.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "model/model.h"

#include <errno.h>

static struct rt_object *rwlock_step(enum rt_op op, const pthread_rwlock_t *lock, uintptr_t pc)
{
	struct rt_object *object = rt_model_step(op, lock, RT_RWLOCK, RT_FOUND_RWLOCK_MISUSE, pc);

	if (!object)
		return NULL;
	object->flavour = (uint8_t)lock->__data.__flags;
	if (lock->__data.__shared)
		rt_report_shared("a process-shared rwlock", pc);
	return object;
}

static bool held_here(const struct rt_object *object)
{
	for (uint32_t i = 0; i < rt_self->nr_held; i++)
		if (rt_self->held[i].object == object)
			return true;
	return false;
}

static bool in_use(const struct rt_object *object)
{
	return object->owner >= 0 || object->count;
}

static bool may_read(const struct rt_object *object)
{
	return object->owner < 0 &&
	       !(object->waiting &&
		 object->flavour == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
}

static bool may_take(const struct rt_object *object, bool write)
{
	return write ? !in_use(object) : may_read(object);
}

static int start_reading(struct rt_object *object, uintptr_t pc)
{
	rt_progress();
	object->count++;
	rt_hold(object, pc);
	rt_acquire(object->clock);
	return 0;
}

static int start_writing(struct rt_object *object, uintptr_t pc)
{
	rt_progress();
	object->owner = rt_self->id;
	rt_hold(object, pc);
	rt_acquire(object->clock);
	rt_acquire(object->readers);
	return 0;
}

static int rwlock_read(pthread_rwlock_t *lock, int64_t deadline, uintptr_t pc)
{
	struct rt_object *object = rwlock_step(RT_OP_LOCK, lock, pc);

	if (!object)
		return EINVAL;
	if (object->owner == rt_self->id) {
		rt_report_rule(RT_FOUND_RWLOCK_MISUSE, RT_RULE_READ_BY_WRITER, object->address, pc);
		return EDEADLK;
	}
	while (!may_read(object))
		if (!rt_block(RT_RWLOCK, object->address, deadline))
			return ETIMEDOUT;
	return start_reading(object, pc);
}

// A reader that wants to write waits for itself; a writer gets EDEADLK.
static int rwlock_write(pthread_rwlock_t *lock, int64_t deadline, uintptr_t pc)
{
	struct rt_object *object = rwlock_step(RT_OP_LOCK, lock, pc);
	bool in_time = true;

	if (!object)
		return EINVAL;
	if (held_here(object)) {
		rt_report_rule(RT_FOUND_RWLOCK_MISUSE,
			       object->owner == rt_self->id ? RT_RULE_WRITTEN_BY_WRITER
							    : RT_RULE_WRITTEN_BY_READER,
			       object->address, pc);
		if (object->owner == rt_self->id)
			return EDEADLK;
	}
	object->waiting++;
	while (in_use(object) && in_time)
		in_time = rt_block(RT_RWLOCK, object->address, deadline);
	object->waiting--;
	if (in_use(object)) {
		rt_wake_all(RT_RWLOCK, object->address); // readers that gave way
		return ETIMEDOUT;
	}
	return start_writing(object, pc);
}

static int rwlock_until(pthread_rwlock_t *lock, bool write, clockid_t clock,
			const struct timespec *until, uintptr_t pc)
{
	if (!rt_time_valid(until))
		return EINVAL;
	return write ? rwlock_write(lock, rt_time_of(clock, until), pc)
		     : rwlock_read(lock, rt_time_of(clock, until), pc);
}

static int rwlock_try(pthread_rwlock_t *lock, bool write, uintptr_t pc)
{
	struct rt_object *object = rwlock_step(RT_OP_LOCK, lock, pc);

	if (!object)
		return EINVAL;
	if (!may_take(object, write))
		return EBUSY;
	return write ? start_writing(object, pc) : start_reading(object, pc);
}

static int rwlock_unlock(pthread_rwlock_t *lock, uintptr_t pc)
{
	struct rt_object *object = rwlock_step(RT_OP_UNLOCK, lock, pc);

	if (!object)
		return EINVAL;
	if (!held_here(object)) {
		rt_report_rule(RT_FOUND_RWLOCK_MISUSE,
			       in_use(object) ? RT_RULE_NOT_HOLDER : RT_RULE_NOT_LOCKED,
			       object->address, pc);
		return EPERM;
	}
	rt_progress();
	rt_let_go(rt_self, object);
	if (object->owner == rt_self->id) {
		object->owner = -1;
		rt_release_only(&object->clock);
	} else {
		object->count--;
		rt_release(&object->readers);
	}
	rt_wake_all(RT_RWLOCK, object->address);
	return 0;
}

OBSERVE(int, pthread_rwlock_init, (pthread_rwlock_t * lock, const pthread_rwlockattr_t *attr),
	rt_model_init(lock, RT_RWLOCK, RT_FOUND_RWLOCK_MISUSE, RT_PC()), lock, attr)
INTERCEPT(int, pthread_rwlock_destroy, (pthread_rwlock_t * lock),
	  rt_model_destroy(rwlock_step(RT_OP_CALL, lock, RT_PC()), RT_FOUND_DESTROY_LOCKED,
			   RT_PC()),
	  lock)
INTERCEPT(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock),
	  rwlock_read(lock, RT_NEVER, RT_PC()), lock)
INTERCEPT(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock),
	  rwlock_write(lock, RT_NEVER, RT_PC()), lock)
INTERCEPT(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock),
	  rwlock_try(lock, false, RT_PC()), lock)
INTERCEPT(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * lock), rwlock_try(lock, true, RT_PC()),
	  lock)
INTERCEPT(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * lock, const struct timespec *until),
	  rwlock_until(lock, false, CLOCK_REALTIME, until, RT_PC()), lock, until)
INTERCEPT(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * lock, const struct timespec *until),
	  rwlock_until(lock, true, CLOCK_REALTIME, until, RT_PC()), lock, until)
INTERCEPT(int, pthread_rwlock_clockrdlock,
	  (pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until),
	  rwlock_until(lock, false, clock, until, RT_PC()), lock, clock, until)
INTERCEPT(int, pthread_rwlock_clockwrlock,
	  (pthread_rwlock_t * lock, clockid_t clock, const struct timespec *until),
	  rwlock_until(lock, true, clock, until, RT_PC()), lock, clock, until)
INTERCEPT(int, pthread_rwlock_unlock, (pthread_rwlock_t * lock), rwlock_unlock(lock, RT_PC()), lock)
