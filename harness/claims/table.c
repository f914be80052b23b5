#include "base/mem.h"
#include "claims/claim.h"

#include <string.h>

const struct claim *const claims[] = {
	&claim_cpu_bound, &claim_io_bound, &claim_lock_cost, &claim_pool_rounds, &claim_create_cost,
};
const size_t nr_claims = ARRAY_SIZE(claims);

// Long enough for thread creation and late wake-ups to vanish, and all of it under a minute.
const struct scale claim_scale = {
	.second_ns = 20000000,
	.loop_steps = 50000000,
	.turn_steps = 2500000, // about 5 ms, after which Python's lock is asked for as well
	.lock_steps = 1000000, // as in the seed
	.makes = 300,
	.round_trips = 20000,
};

const struct claim *claim_find(const char *name)
{
	for (size_t i = 0; i < nr_claims; i++)
		if (!strcmp(claims[i]->name, name))
			return claims[i];
	return NULL;
}
