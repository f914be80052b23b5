/*
 * How many schedules campaigns of the explorer need until they catch what their
 * case is about: the campaigns of one target, each with a seed of its own.
 */
#ifndef RACEGATE_UNTIL_H
#define RACEGATE_UNTIL_H

#include <stddef.h>
#include <stdint.h>

struct campaign_count {
	uint64_t seed;
	uint64_t schedules; // that it tried
	uint64_t first;     // of them that caught it, from 1; 0: none
};

struct campaign_list {
	struct campaign_count *items;
	size_t nr, alloc;
};

enum { UNTIL_FEW = 50 };

struct until {
	size_t campaigns, caught, few; // few: caught within UNTIL_FEW schedules
	uint64_t schedules;            // of all campaigns
	// Schedules until caught. One that never caught it needs more than any: NAN when that
	// reaches the middle; the largest is of those that did, 0 when none did.
	double median;
	uint64_t most;
};

void until_of(const struct campaign_list *campaigns, struct until *until);

#endif
