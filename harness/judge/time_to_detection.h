/*
 * How many schedules the explorer's campaigns need to detect the bug of their
 * case: the campaigns of one target, each with a seed of its own.
 */
#ifndef RACEGATE_TIME_TO_DETECTION_H
#define RACEGATE_TIME_TO_DETECTION_H

#include <stddef.h>
#include <stdint.h>

struct campaign_count {
	uint64_t seed;
	uint64_t schedules; // that it tried
	uint64_t first;     // of them that detected it, from 1; 0: none
};

struct campaign_list {
	struct campaign_count *items;
	size_t nr, alloc;
};

enum { DETECTION_FEW = 50 };

struct time_to_detection {
	size_t campaigns, detected, few; // few: detected within DETECTION_FEW schedules
	uint64_t schedules;              // of all campaigns
	// Schedules until detected. One that never detected it needs more than any: NAN when that
	// reaches the middle; the largest is of those that did, 0 when none did.
	double median;
	uint64_t most;
};

void time_to_detection_of(const struct campaign_list *campaigns, struct time_to_detection *ttd);

#endif
