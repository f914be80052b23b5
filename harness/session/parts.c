#include "session/parts.h"

#include "explore/policy.h"

#include <stddef.h>

unsigned parts_of(uint64_t schedules, const char *strategy)
{
	const struct policy *policy = strategy ? policy_from_name(strategy) : NULL;
	uint64_t parts = schedules / PART_LEAST;

	if (parts < 1 || (policy && policy->use == RT_SEARCHES))
		return 1;
	return parts < PARTS_MOST ? (unsigned)parts : PARTS_MOST;
}

uint64_t part_search(uint64_t schedules, unsigned parts, uint64_t nth)
{
	enum { ONE_IN = 10 };

	return nth % parts ? 0 : schedules / ONE_IN;
}

uint64_t part_share(uint64_t schedules, unsigned parts, uint64_t nth)
{
	return schedules / parts + (nth % parts < schedules % parts);
}
