/*
 * CPUs for runs that are pinned to one each: the one that the fewest others are
 * pinned to, so that runs at the same time share none while there are enough.
 */
#ifndef RACEGATE_CPUS_H
#define RACEGATE_CPUS_H

#include <stdint.h>

enum { CPUS_MOST = 64 }; // that are looked at; an affinity mask has so many bits

struct cpus {
	uint64_t allowed;
	unsigned runs[CPUS_MOST]; // pinned to it
};

// Those that this process may use; none, when that cannot be known.
void cpus_init(struct cpus *cpus);
// The mask of one CPU for one more run; 0: there is none to choose.
uint64_t cpus_take(struct cpus *cpus);
// The run with that mask has ended; 0 does nothing.
void cpus_give(struct cpus *cpus, uint64_t mask);

#endif
