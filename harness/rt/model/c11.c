/*
 * C11 threads. In glibc they are the POSIX ones in other words, and do not pass
 * through the functions that can be replaced: each is replaced here, by the
 * same model.
 */
#include "engine/real.h"
#include "engine/sched.h"
#include "model/model.h"
#include "outside/outside.h"

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

static void *run(void *argument)
{
	const struct start *start = argument;

	return (void *)(intptr_t)start->function(start->arg);
}

RT_EXPORT int thrd_create(thrd_t *thread, thrd_start_t function, void *arg)
{
	struct start *start;

	if (!rt_controlled()) {
		rt_note_early_thread(RT_PC());
		return RT_REAL(thrd_create)(thread, function, arg);
	}
	start = rt_alloc(sizeof(*start));
	*start = (struct start){ function, arg };
	return in_c11(rt_create(thread, false, run, start, RT_PC()));
}

RT_EXPORT int thrd_join(thrd_t thread, int *result)
{
	void *value = NULL;
	int error;

	if (!rt_controlled())
		return RT_REAL(thrd_join)(thread, result);
	error = rt_join(thread, &value, RT_NEVER, RT_PC());
	if (!error && result)
		*result = (int)(intptr_t)value;
	return in_c11(error);
}

RT_EXPORT int thrd_detach(thrd_t thread)
{
	return rt_controlled() ? in_c11(rt_detach(thread, RT_PC())) : RT_REAL(thrd_detach)(thread);
}

RT_EXPORT void thrd_exit(int result)
{
	if (!rt_controlled()) {
		RT_REAL(thrd_exit)(result);
		__builtin_unreachable();
	}
	rt_unwind((void *)(intptr_t)result, RT_PC());
}

RT_EXPORT int thrd_sleep(const struct timespec *time, struct timespec *left)
{
	if (!rt_controlled())
		return RT_REAL(thrd_sleep)(time, left);
	rt_sleep(time, RT_PC());
	return 0;
}

RT_EXPORT void thrd_yield(void)
{
	if (rt_controlled())
		rt_yield(RT_PC());
	else
		RT_REAL(thrd_yield)();
}

// The kind of a mutex and the clock of a condition variable stand in them, as in POSIX's.
static pthread_mutex_t *posix_mutex(mtx_t *mutex)
{
	return (pthread_mutex_t *)mutex;
}

static pthread_cond_t *posix_cond(cnd_t *cond)
{
	return (pthread_cond_t *)cond;
}

RT_EXPORT int mtx_init(mtx_t *mutex, int type)
{
	if (rt_controlled())
		rt_mutex_init(posix_mutex(mutex), RT_PC());
	return RT_REAL(mtx_init)(mutex, type);
}

RT_EXPORT void mtx_destroy(mtx_t *mutex)
{
	if (rt_controlled())
		rt_mutex_destroy(posix_mutex(mutex), RT_PC());
	else
		RT_REAL(mtx_destroy)(mutex);
}

RT_EXPORT int mtx_lock(mtx_t *mutex)
{
	return rt_controlled() ? in_c11(rt_mutex_lock(posix_mutex(mutex), RT_NEVER, RT_PC()))
			       : RT_REAL(mtx_lock)(mutex);
}

RT_EXPORT int mtx_timedlock(mtx_t *mutex, const struct timespec *until)
{
	if (!rt_controlled())
		return RT_REAL(mtx_timedlock)(mutex, until);
	return in_c11(
		rt_mutex_lock(posix_mutex(mutex), rt_time_of(CLOCK_REALTIME, until), RT_PC()));
}

RT_EXPORT int mtx_trylock(mtx_t *mutex)
{
	return rt_controlled() ? in_c11(rt_mutex_trylock(posix_mutex(mutex), RT_PC()))
			       : RT_REAL(mtx_trylock)(mutex);
}

RT_EXPORT int mtx_unlock(mtx_t *mutex)
{
	return rt_controlled() ? in_c11(rt_mutex_unlock(posix_mutex(mutex), RT_PC()))
			       : RT_REAL(mtx_unlock)(mutex);
}

RT_EXPORT int cnd_init(cnd_t *cond)
{
	if (rt_controlled())
		rt_cond_init(posix_cond(cond), RT_PC());
	return RT_REAL(cnd_init)(cond);
}

RT_EXPORT void cnd_destroy(cnd_t *cond)
{
	if (rt_controlled())
		rt_cond_destroy(posix_cond(cond), RT_PC());
	else
		RT_REAL(cnd_destroy)(cond);
}

RT_EXPORT int cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	if (!rt_controlled())
		return RT_REAL(cnd_wait)(cond, mutex);
	return in_c11(rt_cond_wait(posix_cond(cond), posix_mutex(mutex), RT_NEVER, false, RT_PC()));
}

RT_EXPORT int cnd_timedwait(cnd_t *cond, mtx_t *mutex, const struct timespec *until)
{
	if (!rt_controlled())
		return RT_REAL(cnd_timedwait)(cond, mutex, until);
	if (!rt_time_valid(until))
		return thrd_error;
	return in_c11(rt_cond_wait(posix_cond(cond), posix_mutex(mutex),
				   rt_time_of(CLOCK_REALTIME, until), false, RT_PC()));
}

RT_EXPORT int cnd_signal(cnd_t *cond)
{
	return rt_controlled() ? in_c11(rt_cond_wake(posix_cond(cond), false, RT_PC()))
			       : RT_REAL(cnd_signal)(cond);
}

RT_EXPORT int cnd_broadcast(cnd_t *cond)
{
	return rt_controlled() ? in_c11(rt_cond_wake(posix_cond(cond), true, RT_PC()))
			       : RT_REAL(cnd_broadcast)(cond);
}

RT_EXPORT void call_once(once_flag *flag, void (*init)(void))
{
	if (rt_controlled())
		rt_once((int *)flag, init, RT_PC());
	else
		RT_REAL(call_once)(flag, init);
}

RT_EXPORT int tss_create(tss_t *key, tss_dtor_t destroy)
{
	return rt_controlled() ? in_c11(rt_key_create(key, destroy, RT_PC()))
			       : RT_REAL(tss_create)(key, destroy);
}

RT_EXPORT void tss_delete(tss_t key)
{
	if (rt_controlled())
		pthread_key_delete(key);
	else
		RT_REAL(tss_delete)(key);
}

RT_EXPORT void *tss_get(tss_t key)
{
	return rt_controlled() ? pthread_getspecific(key) : RT_REAL(tss_get)(key);
}

RT_EXPORT int tss_set(tss_t key, void *value)
{
	return rt_controlled() ? in_c11(pthread_setspecific(key, value))
			       : RT_REAL(tss_set)(key, value);
}
