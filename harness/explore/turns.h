// Schedules as their turns: what minimising leaves out and puts in.
#ifndef RACEGATE_TURNS_H
#define RACEGATE_TURNS_H

#include "explore/campaign.h"

struct turns {
	struct rt_turn *items; // owned
	size_t nr;
};

// Trials for a schedule with fewer turns that shows the same.
struct search {
	struct campaign *campaign;
	uint64_t hash; // of what is to be shown
	bool outcome;
	unsigned trials, most; // most: that there may be
	struct err *err;
	int rc;
};

// Runs these turns. True when they show it; false, too, when there may be no more trials.
bool search_shows(struct search *search, const struct rt_turn *turns, size_t nr);

/* fewest.c */

/*
 * Trades turns for others until there are no fewer preemptions to be had so: all
 * of them, or all but one, for one new preemption; one for none; two for one.
 * Leaving turns out alone keeps what another place in the schedule would give
 * for nothing. `turns` is replaced.
 */
void fewest(struct search *search, struct turns *turns);

#endif
