#include "claims/figures.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

// How many values may be left out at each end; see span_of.
static size_t left_out(size_t nr)
{
	double term = ldexp(1, -(int)nr), outside = 2 * term; // 2 * P(Bin <= k)
	size_t k = 0;

	for (;;) {
		term *= (double)(nr - k) / (double)(k + 1);
		outside += 2 * term;
		if (outside > 0.10 || 2 * (k + 1) >= nr)
			return k;
		k++;
	}
}

struct span span_of(const double *values, size_t nr)
{
	double *sorted = xcalloc(nr, sizeof(*sorted));
	size_t k = left_out(nr);
	struct span span;

	memcpy(sorted, values, nr * sizeof(*sorted));
	qsort(sorted, nr, sizeof(*sorted), by_value);
	span = (struct span){
		.median = (sorted[(nr - 1) / 2] + sorted[nr / 2]) / 2,
		.low = sorted[k],
		.high = sorted[nr - 1 - k],
		.min = sorted[0],
		.max = sorted[nr - 1],
	};
	free(sorted);
	return span;
}
