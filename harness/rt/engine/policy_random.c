/*
 * Random walk: continues with the same thread, except that at each point it
 * switches with probability 0.2, to any other that is ready. Switching at every
 * point would keep all threads level: a queue would never fill.
 */
#include "engine/policy.h"

static unsigned random_pick(void)
{
	enum { ONE_IN = 5 };
	unsigned index, other;

	if (rt_is_ready(rt_self->id)) {
		if (rt_iteration.nr_ready == 1 || rt_random() % ONE_IN)
			return rt_self->id;
		index = (unsigned)(rt_random() % (rt_iteration.nr_ready - 1));
		other = rt_ready_at(index);
		// In the order of ids, without the running thread.
		return other < rt_self->id ? other : rt_ready_at(index + 1);
	}
	return rt_ready_at((unsigned)(rt_random() % rt_iteration.nr_ready));
}

const struct rt_policy rt_policy_random = { .pick = random_pick };
