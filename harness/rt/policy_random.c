/*
 * Random walk: goes on with the same thread, except that at each point it
 * switches with probability 0.2, to any other that is ready. Switching at every
 * point would keep all threads level: a queue would never fill.
 */
#include "rt.h"

static unsigned pick(void)
{
	enum { ONE_IN = 5 };
	unsigned index;

	if (rt_is_ready(rt_self->id)) {
		if (rt_world.nr_ready == 1 || rt_random() % ONE_IN)
			return rt_self->id;
		index = (unsigned)(rt_random() % (rt_world.nr_ready - 1));
		// Skips the running thread in the order of ids.
		for (unsigned i = 0; i <= index; i++)
			if (rt_ready_at(i) == rt_self->id)
				return rt_ready_at(index + 1);
		return rt_ready_at(index);
	}
	return rt_ready_at((unsigned)(rt_random() % rt_world.nr_ready));
}

const struct rt_policy rt_policy_random = { .pick = pick };
