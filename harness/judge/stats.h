// Rates and how sure they are.
#ifndef RACEGATE_STATS_H
#define RACEGATE_STATS_H

#include <stdint.h>

struct interval {
	double low, high;
};

/*
 * The 95 % interval of a rate seen `k` times in `n` (Wilson: Probable Inference,
 * the Law of Succession, and Statistical Inference, JASA 1927). n = 0: 0 to 1.
 */
struct interval stats_wilson(uint64_t k, uint64_t n);

#endif
