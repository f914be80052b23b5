#include "claims/measure.h"

#include <sched.h>
#include <unistd.h>

static int measure_round(const struct claim *claim, const struct scale *scale,
			 struct sample *samples, struct err *err)
{
	for (size_t i = 0; i < claim->nr_variants; i++) {
		const struct claim_variant *variant = &claim->variants[i];

		if (variant->measure(scale, variant->arg, &samples[i], err))
			return err_prefix(err, "%s, %s", claim->name, variant->what);
	}
	return 0;
}

int claim_measure(const struct claim *claim, const struct scale *scale, size_t repetitions,
		  struct sample *samples, struct err *err)
{
	int rc = measure_round(claim, scale, samples, err);

	for (size_t i = 0; i < repetitions && !rc; i++)
		rc = measure_round(claim, scale, samples + i * claim->nr_variants, err);
	return rc;
}

int cpus_available(void)
{
	cpu_set_t set;

	// More CPUs than the set has room for: count them without asking which.
	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return (int)sysconf(_SC_NPROCESSORS_ONLN);
	return CPU_COUNT(&set);
}
