// Measures the variants of a claim.
#ifndef RACEGATE_MEASURE_H
#define RACEGATE_MEASURE_H

#include "claims/claim.h"

/*
 * Measures each variant once without keeping the figure, so that caches and the
 * CPU's clock are up, then `repetitions` times. The variants take turns: what
 * disturbs the machine for a while hits them all. Fills
 * `samples[repetition * claim->nr_variants + variant]`.
 */
int claim_measure(const struct claim *claim, const struct scale *scale, size_t repetitions,
		  struct sample *samples, struct err *err);

int cpus_available(void); // that this process may use

#endif
