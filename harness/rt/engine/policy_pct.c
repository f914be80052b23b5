/*
 * Probabilistic concurrency testing: S. Burckhardt, P. Kothari, M. Musuvathi,
 * S. Nagarakatte, A Randomized Scheduler with Probabilistic Guarantees of
 * Finding Bugs, ASPLOS 2010. Threads have random priorities and the highest
 * that is ready runs; at d - 1 random steps of k the running thread falls below
 * all others. A bug of depth d among n threads is hit with probability at least
 * 1 / (n * k^(d-1)) in each iteration.
 */
#include "engine/policy.h"

enum { MAX_CHANGES = 16 };

static RT_ITERATION_STATE uint64_t changes[MAX_CHANGES];
static RT_ITERATION_STATE unsigned nr_changes;

// Above the values 1 .. d - 1 that fallen threads get.
static void thread(struct rt_thread *thread)
{
	thread->priority = rt_random() >> 1 | UINT64_C(1) << 62;
}

static void pct_begin(void)
{
	const struct rt_request *request = &rt_shared->request;
	uint64_t steps = request->steps ? request->steps : 1;

	nr_changes = request->depth > 1 ? request->depth - 1 : 0;
	if (nr_changes > MAX_CHANGES)
		nr_changes = MAX_CHANGES;
	for (unsigned i = 0; i < nr_changes; i++)
		changes[i] = rt_random() % steps;
}

static unsigned pct_pick(void)
{
	for (unsigned i = 0; i < nr_changes; i++)
		if (RT_UNLIKELY(changes[i] == rt_iteration.step)) {
			rt_self->priority = nr_changes - i;
			rt_iteration.changed = true;
			changes[i] = UINT64_MAX; // one step may bring more than one decision
		}
	if (!rt_iteration.changed)
		return rt_self->id;
	rt_iteration.changed = false;
	return rt_most_urgent();
}

const struct rt_policy rt_policy_pct = { .begin = pct_begin, .thread = thread, .pick = pct_pick };
