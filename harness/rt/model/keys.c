// Thread-specific data, modelled from POSIX: pthread_key_create() and those that use the key.
#include "core/intercept.h"
#include "engine/sched.h"
#include "model/model.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static RT_COLD_STATE struct {
	bool used;
	void (*destroy)(void *);
} keys[RT_MAX_KEYS];
static RT_ITERATION_STATE unsigned nr_keys; // the rest was never used
/*
 * What the main thread set before control began, in constructors. A key that was made there is
 * the C library's, and has the same number here.
 */
static RT_COLD_STATE const void *early_values[RT_MAX_KEYS];
static RT_ITERATION_STATE bool early;

static bool has_values(struct rt_thread *thread, bool make)
{
	const bool inherits = !thread->id && early;

	if (!thread->keys && (make || inherits)) {
		thread->keys = rt_alloc(RT_MAX_KEYS * sizeof(*thread->keys));
		if (inherits)
			memcpy(thread->keys, early_values, sizeof(early_values));
	}
	return thread->keys != NULL;
}

void rt_keys_destroy(void)
{
	for (int round = 0; has_values(rt_self, false) && round < PTHREAD_DESTRUCTOR_ITERATIONS;
	     round++) {
		bool again = false;

		for (unsigned key = 0; key < nr_keys; key++) {
			const void *value = rt_self->keys[key];

			if (!value || !keys[key].used || !keys[key].destroy)
				continue;
			rt_self->keys[key] = NULL;
			keys[key].destroy((void *)value);
			again = true;
		}
		if (!again)
			return;
	}
}

int rt_key_create(pthread_key_t *key, void (*destroy)(void *), uintptr_t pc)
{
	rt_point(RT_OP_CALL, 0, 0, pc);
	for (unsigned i = 0; i < RT_MAX_KEYS; i++)
		if (!keys[i].used) {
			keys[i].used = true;
			if (i >= nr_keys)
				nr_keys = i + 1;
			keys[i].destroy = destroy;
			*key = i;
			return 0;
		}
	return EAGAIN;
}

int rt_key_delete(pthread_key_t key)
{
	if (key >= RT_MAX_KEYS || !keys[key].used)
		return EINVAL;
	keys[key].used = false;
	for (unsigned i = 0; i < rt_iteration.nr_threads; i++)
		if (has_values(&rt_iteration.threads[i], false))
			rt_iteration.threads[i].keys[key] = NULL;
	return 0;
}

int rt_key_set(pthread_key_t key, const void *value)
{
	if (key >= RT_MAX_KEYS || !keys[key].used)
		return EINVAL;
	has_values(rt_self, true);
	rt_self->keys[key] = value;
	return 0;
}

void *rt_key_get(pthread_key_t key)
{
	return key < RT_MAX_KEYS && keys[key].used && has_values(rt_self, false)
		       ? (void *)rt_self->keys[key]
		       : NULL;
}

void rt_key_made_early(pthread_key_t key, void (*destroy)(void *))
{
	if (rt_self || key >= RT_MAX_KEYS)
		return;
	keys[key].used = true;
	keys[key].destroy = destroy;
	if (key >= nr_keys)
		nr_keys = key + 1;
}

void rt_key_set_early(pthread_key_t key, const void *value)
{
	if (rt_self || key >= RT_MAX_KEYS)
		return;
	early_values[key] = value;
	early = true;
}

static int create_early(pthread_key_t *key, void (*destroy)(void *))
{
	int error = RT_REAL(pthread_key_create)(key, destroy);

	if (!error)
		rt_key_made_early(*key, destroy);
	return error;
}

static int delete_early(pthread_key_t key)
{
	if (!rt_self && key < RT_MAX_KEYS) {
		keys[key].used = false;
		early_values[key] = NULL;
	}
	return RT_REAL(pthread_key_delete)(key);
}

static int set_early(pthread_key_t key, const void *value)
{
	rt_key_set_early(key, value);
	return RT_REAL(pthread_setspecific)(key, value);
}

REPLACE(int, pthread_key_create, (pthread_key_t * key, void (*destroy)(void *)),
	rt_controlled() ? rt_key_create(key, destroy, RT_PC()) : create_early(key, destroy))
REPLACE(int, pthread_key_delete, (pthread_key_t key),
	rt_controlled() ? rt_key_delete(key) : delete_early(key))
REPLACE(int, pthread_setspecific, (pthread_key_t key, const void *value),
	rt_controlled() ? rt_key_set(key, value) : set_early(key, value))
INTERCEPT(void *, pthread_getspecific, (pthread_key_t key), rt_key_get(key), key)
