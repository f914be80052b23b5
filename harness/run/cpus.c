#include "run/cpus.h"

#include <sched.h>

void cpus_init(struct cpus *cpus)
{
	cpu_set_t set;

	*cpus = (struct cpus){ 0 };
	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set))
		return;
	for (unsigned i = 0; i < CPUS_MOST; i++)
		if (CPU_ISSET(i, &set))
			cpus->allowed |= UINT64_C(1) << i;
}

uint64_t cpus_take(struct cpus *cpus)
{
	int best = -1;

	for (int i = 0; i < CPUS_MOST; i++)
		if ((cpus->allowed >> i & 1) && (best < 0 || cpus->runs[i] < cpus->runs[best]))
			best = i;
	if (best < 0)
		return 0;
	cpus->runs[best]++;
	return UINT64_C(1) << best;
}

void cpus_give(struct cpus *cpus, uint64_t mask)
{
	if (mask)
		cpus->runs[__builtin_ctzll(mask)]--;
}
