// Thread-specific data, modelled from POSIX: pthread_key_create() and those that use the key.
#include "core/intercept.h"
#include "engine/sched.h"
#include "model/model.h"

#include <errno.h>
#include <limits.h>

static RT_COLD_STATE struct {
	bool used;
	void (*destroy)(void *);
} keys[RT_MAX_KEYS];
static RT_ITERATION_STATE unsigned nr_keys; // the rest was never used

void rt_keys_destroy(void)
{
	for (int round = 0; rt_self->keys && round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
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
		if (rt_iteration.threads[i].keys)
			rt_iteration.threads[i].keys[key] = NULL;
	return 0;
}

int rt_key_set(pthread_key_t key, const void *value)
{
	if (key >= RT_MAX_KEYS || !keys[key].used)
		return EINVAL;
	if (!rt_self->keys)
		rt_self->keys = rt_alloc(RT_MAX_KEYS * sizeof(*rt_self->keys));
	rt_self->keys[key] = value;
	return 0;
}

void *rt_key_get(pthread_key_t key)
{
	return rt_self->keys && key < RT_MAX_KEYS && keys[key].used ? (void *)rt_self->keys[key]
								    : NULL;
}

INTERCEPT(int, pthread_key_create, (pthread_key_t * key, void (*destroy)(void *)),
	  rt_key_create(key, destroy, RT_PC()), key, destroy)
INTERCEPT(int, pthread_key_delete, (pthread_key_t key), rt_key_delete(key), key)
INTERCEPT(int, pthread_setspecific, (pthread_key_t key, const void *value), rt_key_set(key, value),
	  key, value)
INTERCEPT(void *, pthread_getspecific, (pthread_key_t key), rt_key_get(key), key)
