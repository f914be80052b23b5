// Round robin: every thread a fixed number of steps, in the order of creation.
#include "engine/policy.h"

static RT_ITERATION_STATE uint64_t quantum_ends;

static void round_robin_begin(void)
{
	quantum_ends = rt_shared->request.quantum;
}

static unsigned round_robin_pick(void)
{
	unsigned next = rt_self->id;

	if (rt_is_ready(next) && rt_iteration.step < quantum_ends)
		return next;
	quantum_ends =
		rt_iteration.step + (rt_shared->request.quantum ? rt_shared->request.quantum : 1);
	do
		next = next + 1 < rt_iteration.nr_threads ? next + 1 : 0;
	while (!rt_is_ready(next));
	return next;
}

static bool never(void)
{
	return false;
}

static unsigned choose(unsigned n)
{
	(void)n;
	return 0;
}

const struct rt_policy rt_policy_round_robin = { .begin = round_robin_begin,
						 .pick = round_robin_pick,
						 .early = never,
						 .spurious = never,
						 .choose = choose };
