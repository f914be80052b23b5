#include "judge/stats.h"

#include <math.h>

struct interval stats_wilson(uint64_t k, uint64_t n)
{
	const double z = 1.959963984540054; // 97.5 % quantile of the normal distribution
	double rate, middle, half, scale;

	if (!n)
		return (struct interval){ 0, 1 };
	rate = (double)k / (double)n;
	scale = 1 + z * z / (double)n;
	middle = rate + z * z / (2 * (double)n);
	half = z * sqrt(rate * (1 - rate) / (double)n + z * z / (4 * (double)n * (double)n));
	// At the ends the formula is exact but for rounding.
	return (struct interval){
		.low = k == 0 ? 0 : (middle - half) / scale,
		.high = k == n ? 1 : (middle + half) / scale,
	};
}
