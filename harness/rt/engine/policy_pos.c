/*
 * Partial order sampling: X. Yuan, J. Yang, R. Gu, Partial Order Aware
 * Concurrency Sampling, CAV 2018. Every pending operation has a random
 * priority and the highest runs; then the operations that conflict with it get
 * new ones, so that each order of conflicting operations has its chance.
 */
#include "engine/policy.h"

static void thread(struct rt_thread *thread)
{
	thread->priority = rt_random();
}

static bool writes(const struct rt_pending *op)
{
	return op->op != RT_OP_READ && op->op != RT_OP_ATOMIC_READ;
}

static bool conflict(const struct rt_pending *a, const struct rt_pending *b)
{
	return a->address && a->address < b->address + (b->size ? b->size : 1) &&
	       b->address < a->address + (a->size ? a->size : 1) && (writes(a) || writes(b));
}

static unsigned pos_pick(void)
{
	unsigned best;

	if (rt_iteration.nr_ready == 1)
		best = rt_ready_at(0);
	else
		best = rt_most_urgent();
	const struct rt_thread *chosen = &rt_iteration.threads[best];

	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		struct rt_thread *other = &rt_iteration.threads[i];

		if (i == best ||
		    (other->state == RT_READY && conflict(&other->pending, &chosen->pending)))
			other->priority = rt_random();
	}
	return best;
}

const struct rt_policy rt_policy_pos = { .thread = thread, .pick = pos_pick };
