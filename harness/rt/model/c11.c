/*
 * C11 threads, modelled from ISO C11 7.26 and 7.17.6. In glibc they share their
 * structures with the POSIX ones but do not call the functions that can be replaced.
 * So each is replaced here, by the same model.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "model/model.h"

#include <errno.h>
#include <threads.h>

static int in_c11(int error)
{
	switch (error) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	case ENOMEM:
		return thrd_nomem;
	default:
		return thrd_error;
	}
}

struct start {
	thrd_start_t function;
	void *arg;
};

static void *c11_run(void *argument)
{
	const struct start *start = argument;

	return (void *)(intptr_t)start->function(start->arg);
}

static int c11_create(thrd_t *thread, thrd_start_t function, void *arg, uintptr_t pc)
{
	struct start *start = rt_alloc(sizeof(*start));

	*start = (struct start){ function, arg };
	return in_c11(rt_create(thread, false, c11_run, start, pc));
}

static int c11_join(thrd_t thread, int *result, uintptr_t pc)
{
	void *value = NULL;
	int error = rt_join(thread, &value, RT_NEVER, pc);

	if (!error && result)
		*result = (int)(intptr_t)value;
	return in_c11(error);
}

RT_INTERCEPT_IF(rt_creates_controlled(RT_PC()), int, thrd_create,
		(thrd_t * thread, thrd_start_t function, void *arg),
		c11_create(thread, function, arg, RT_PC()), thread, function, arg)
INTERCEPT(int, thrd_join, (thrd_t thread, int *result), c11_join(thread, result, RT_PC()), thread,
	  result)
INTERCEPT(int, thrd_detach, (thrd_t thread), in_c11(rt_detach(thread, RT_PC())), thread)
INTERCEPT(void, thrd_yield, (void), rt_yield(RT_PC()))

RT_EXPORT void thrd_exit(int result)
{
	if (rt_controlled())
		rt_unwind((void *)(intptr_t)result, RT_PC());
	RT_REAL(thrd_exit)(result);
	__builtin_unreachable();
}

// The type of a mutex and the clock of a condition variable are in them, as in POSIX's.
static pthread_mutex_t *posix_mutex(mtx_t *mutex)
{
	rt_mark(RT_MARK_C11, (uintptr_t)mutex);
	return (pthread_mutex_t *)mutex;
}

static pthread_cond_t *posix_cond(cnd_t *cond)
{
	rt_mark(RT_MARK_C11, (uintptr_t)cond);
	return (pthread_cond_t *)cond;
}

static int *posix_once(once_flag *flag)
{
	rt_mark(RT_MARK_C11, (uintptr_t)flag);
	return (int *)flag;
}

static int c11_wait(cnd_t *cond, mtx_t *mutex, int64_t deadline, uintptr_t pc)
{
	return in_c11(rt_cond_wait(posix_cond(cond), posix_mutex(mutex), deadline, false, pc));
}

OBSERVE(int, mtx_init, (mtx_t * mutex, int type), rt_mutex_init(posix_mutex(mutex), RT_PC()), mutex,
	type)
INTERCEPT(void, mtx_destroy, (mtx_t * mutex), (void)rt_mutex_destroy(posix_mutex(mutex), RT_PC()),
	  mutex)
INTERCEPT(int, mtx_lock, (mtx_t * mutex),
	  in_c11(rt_mutex_lock(posix_mutex(mutex), RT_NEVER, RT_PC())), mutex)
INTERCEPT(int, mtx_timedlock, (mtx_t * mutex, const struct timespec *until),
	  in_c11(rt_mutex_lock(posix_mutex(mutex), rt_time_of(CLOCK_REALTIME, until), RT_PC())),
	  mutex, until)
INTERCEPT(int, mtx_trylock, (mtx_t * mutex), in_c11(rt_mutex_trylock(posix_mutex(mutex), RT_PC())),
	  mutex)
INTERCEPT(int, mtx_unlock, (mtx_t * mutex), in_c11(rt_mutex_unlock(posix_mutex(mutex), RT_PC())),
	  mutex)

OBSERVE(int, cnd_init, (cnd_t * cond), rt_cond_init(posix_cond(cond), RT_PC()), cond)
INTERCEPT(void, cnd_destroy, (cnd_t * cond), (void)rt_cond_destroy(posix_cond(cond), RT_PC()), cond)
INTERCEPT(int, cnd_wait, (cnd_t * cond, mtx_t *mutex), c11_wait(cond, mutex, RT_NEVER, RT_PC()),
	  cond, mutex)
INTERCEPT(int, cnd_timedwait, (cnd_t * cond, mtx_t *mutex, const struct timespec *until),
	  rt_time_valid(until) ? c11_wait(cond, mutex, rt_time_of(CLOCK_REALTIME, until), RT_PC())
			       : (int)thrd_error,
	  cond, mutex, until)
INTERCEPT(int, cnd_signal, (cnd_t * cond), in_c11(rt_cond_wake(posix_cond(cond), false, RT_PC())),
	  cond)
INTERCEPT(int, cnd_broadcast, (cnd_t * cond), in_c11(rt_cond_wake(posix_cond(cond), true, RT_PC())),
	  cond)

INTERCEPT(void, call_once, (once_flag * flag, void (*init)(void)),
	  rt_once(posix_once(flag), init, RT_PC()), flag, init)

static int tss_create_early(tss_t *key, tss_dtor_t destroy)
{
	int result = RT_REAL(tss_create)(key, destroy);

	if (result == thrd_success)
		rt_key_made_early(*key, destroy);
	return result;
}

static int tss_set_early(tss_t key, void *value)
{
	rt_key_set_early(key, value);
	return RT_REAL(tss_set)(key, value);
}

REPLACE(int, tss_create, (tss_t * key, tss_dtor_t destroy),
	rt_controlled() ? in_c11(rt_key_create(key, destroy, RT_PC()))
			: tss_create_early(key, destroy))
INTERCEPT(void, tss_delete, (tss_t key), (void)rt_key_delete(key), key)
INTERCEPT(void *, tss_get, (tss_t key), rt_key_get(key), key)
REPLACE(int, tss_set, (tss_t key, void *value),
	rt_controlled() ? in_c11(rt_key_set(key, value)) : tss_set_early(key, value))
