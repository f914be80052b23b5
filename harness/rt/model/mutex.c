/*
 * Mutexes of every type, modelled from POSIX: pthread_mutex_lock(), _timedlock(), _init(),
 * _consistent(). The type is in the mutex itself, where pthread_mutex_init() and the
 * static initialisers put it. The owner is in our table, which a mutex enters at its
 * first use.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "model/model.h"

#include <errno.h>
#include <time.h>

enum { KIND_MASK = 3, ROBUST_BIT = 16, SHARED_BIT = 128 };

// NULL: it is used as something else, or destroyed, which is reported.
static struct rt_object *mutex_at(pthread_mutex_t *mutex, uintptr_t pc)
{
	struct rt_object *object = rt_object((uintptr_t)mutex, RT_MUTEX);

	if (!object || object->destroyed) {
		rt_report_rule(RT_FOUND_INVALID_LOCK, object ? RT_RULE_GONE : RT_RULE_OTHER_TYPE,
			       (uintptr_t)mutex, pc);
		return NULL;
	}
	object->flavour = mutex->__data.__kind & KIND_MASK;
	object->robust = mutex->__data.__kind & ROBUST_BIT;
	if (mutex->__data.__kind & SHARED_BIT)
		rt_report_shared("a process-shared mutex", pc);
	return object;
}

static bool is_owner(const struct rt_object *object)
{
	return object->owner == rt_self->id;
}

static int mutex_take(struct rt_object *object, uintptr_t pc)
{
	object->owner = rt_self->id;
	object->count = 1;
	rt_hold(object, pc);
	rt_acquire(object->clock);
	if (object->owner_dead) {
		object->owner_dead = false;
		rt_mark(RT_MARK_RECOVERED, object->address);
		object->unrecoverable = true; // until it is made consistent
		return EOWNERDEAD;
	}
	return 0;
}

// What the type says of a second lock by its owner; -1: it blocks forever.
static int mutex_relock(struct rt_object *object, uintptr_t pc)
{
	switch (object->flavour) {
	case PTHREAD_MUTEX_RECURSIVE:
		object->count++;
		return 0;
	case PTHREAD_MUTEX_ERRORCHECK:
		return EDEADLK;
	default:
		rt_report_rule(RT_FOUND_DOUBLE_LOCK, RT_RULE_LOCKED_TWICE, object->address, pc);
		return -1;
	}
}

int rt_mutex_lock(pthread_mutex_t *mutex, int64_t deadline, uintptr_t pc)
{
	struct rt_object *object = mutex_at(mutex, pc);
	int error;

	if (!object)
		return EINVAL;
	rt_unsafe_call(object->address, pc);
	rt_point(RT_OP_LOCK, object->address, 0, pc);
	if (is_owner(object) && (error = mutex_relock(object, pc)) >= 0)
		return error;
	while (object->owner >= 0)
		if (!rt_block(RT_MUTEX, object->address, deadline))
			return ETIMEDOUT;
	if (object->unrecoverable)
		return ENOTRECOVERABLE;
	rt_progress();
	return mutex_take(object, pc);
}

static void mutex_free(struct rt_object *object)
{
	object->owner = -1;
	object->count = 0;
	rt_wake_all(RT_MUTEX, object->address);
}

static int mutex_give_back(struct rt_object *object, uintptr_t pc)
{
	if (!is_owner(object)) {
		rt_report_rule(RT_FOUND_BAD_UNLOCK,
			       object->owner < 0 ? RT_RULE_NOT_LOCKED : RT_RULE_NOT_HOLDER,
			       object->address, pc);
		if (object->flavour != PTHREAD_MUTEX_NORMAL || object->robust || object->owner < 0)
			return object->flavour == PTHREAD_MUTEX_NORMAL ? 0 : EPERM;
	} else if (--object->count) {
		return 0;
	}
	rt_progress();
	rt_release_only(&object->clock);
	if (object->owner >= 0)
		rt_let_go(&rt_iteration.threads[object->owner], object);
	mutex_free(object);
	return 0;
}

int rt_mutex_unlock(pthread_mutex_t *mutex, uintptr_t pc)
{
	struct rt_object *object = mutex_at(mutex, pc);

	if (!object)
		return EINVAL;
	rt_unsafe_call(object->address, pc);
	rt_point(RT_OP_UNLOCK, object->address, 0, pc);
	return mutex_give_back(object, pc);
}

struct rt_object *rt_mutex_for_wait(pthread_mutex_t *mutex)
{
	struct rt_object *object = rt_object_find((uintptr_t)mutex);

	return object && object->type == RT_MUTEX && is_owner(object) ? object : NULL;
}

void rt_mutex_release(struct rt_object *object, uintptr_t pc)
{
	mutex_give_back(object, pc);
}

void rt_mutex_orphan(struct rt_thread *thread)
{
	for (uint32_t i = thread->nr_held; i-- > 0;) {
		struct rt_object *object = thread->held[i].object;

		if (object->type != RT_MUTEX || !object->robust)
			continue;
		// Who takes it over sees what its owner had written.
		rt_release_only(&object->clock);
		rt_let_go(thread, object);
		object->owner_dead = true;
		object->unrecoverable = false; // the next one may still repair it
		mutex_free(object);
	}
}

void rt_mutex_init(pthread_mutex_t *mutex, uintptr_t pc)
{
	rt_model_init(mutex, RT_MUTEX, RT_FOUND_API_MISUSE, pc);
}

int rt_mutex_destroy(pthread_mutex_t *mutex, uintptr_t pc)
{
	struct rt_object *object;

	rt_point(RT_OP_CALL, (uintptr_t)mutex, 0, pc);
	object = rt_object_find((uintptr_t)mutex);
	if (object && object->owner >= 0) {
		rt_report_rule(RT_FOUND_DESTROY_LOCKED, RT_RULE_DESTROYED_HELD, (uintptr_t)mutex,
			       pc);
		return EBUSY;
	}
	if (object)
		object->destroyed = true;
	return 0;
}

int rt_mutex_trylock(pthread_mutex_t *mutex, uintptr_t pc)
{
	struct rt_object *object = mutex_at(mutex, pc);

	if (!object)
		return EINVAL;
	rt_unsafe_call(object->address, pc);
	rt_point(RT_OP_LOCK, object->address, 0, pc);
	if (is_owner(object) && object->flavour == PTHREAD_MUTEX_RECURSIVE) {
		object->count++;
		return 0;
	}
	if (object->owner >= 0)
		return EBUSY;
	if (object->unrecoverable)
		return ENOTRECOVERABLE;
	rt_progress();
	return mutex_take(object, pc);
}

static int mutex_consistent(pthread_mutex_t *mutex, uintptr_t pc)
{
	struct rt_object *object = mutex_at(mutex, pc);

	if (!object || !object->robust || !is_owner(object) || !object->unrecoverable)
		return EINVAL;
	object->unrecoverable = false;
	return 0;
}

OBSERVE(int, pthread_mutex_init, (pthread_mutex_t * mutex, const pthread_mutexattr_t *attr),
	rt_mutex_init(mutex, RT_PC()), mutex, attr)
INTERCEPT(int, pthread_mutex_destroy, (pthread_mutex_t * mutex), rt_mutex_destroy(mutex, RT_PC()),
	  mutex)
INTERCEPT(int, pthread_mutex_lock, (pthread_mutex_t * mutex),
	  rt_mutex_lock(mutex, RT_NEVER, RT_PC()), mutex)
INTERCEPT(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), rt_mutex_trylock(mutex, RT_PC()),
	  mutex)
INTERCEPT(int, pthread_mutex_timedlock, (pthread_mutex_t * mutex, const struct timespec *until),
	  rt_mutex_lock(mutex, rt_time_of(CLOCK_REALTIME, until), RT_PC()), mutex, until)
INTERCEPT(int, pthread_mutex_clocklock,
	  (pthread_mutex_t * mutex, clockid_t clock, const struct timespec *until),
	  rt_mutex_lock(mutex, rt_time_of(clock, until), RT_PC()), mutex, clock, until)
INTERCEPT(int, pthread_mutex_unlock, (pthread_mutex_t * mutex), rt_mutex_unlock(mutex, RT_PC()),
	  mutex)

INTERCEPT(int, pthread_mutex_consistent, (pthread_mutex_t * mutex),
	  mutex_consistent(mutex, RT_PC()), mutex)
