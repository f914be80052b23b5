// Medians and how sure they are.
#ifndef RACEGATE_FIGURES_H
#define RACEGATE_FIGURES_H

#include <stddef.h>

struct span {
	double median;
	double low, high; // holds the true median with at least 90 % (see span_of)
	double min, max;  // of what was measured
};

/*
 * The span of `nr` values, nr > 0; their order does not matter and stays. The
 * interval goes from the k-th smallest to the k-th largest value, whatever the
 * distribution: the true median is outside with probability 2 * P(Bin(nr, 1/2) < k).
 * With 5 to 7 values it goes from the smallest to the largest; under 5 no pair of
 * values would reach 90 %, and it is that as well.
 */
struct span span_of(const double *values, size_t nr);

#endif
