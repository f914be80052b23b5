/*
 * A search through all schedules of up to three deviations, one of them a preemption,
 * those of the fewest preemptions and deviations first. It is made once for all that
 * a campaign has found.
 */
#ifndef RACEGATE_SURVEY_H
#define RACEGATE_SURVEY_H

#include "explore/trials.h"

struct branches {
	struct branch *items;
	size_t nr, alloc, done;
};

struct survey {
	// Whose free alternatives, and whose preemptions are to be tried; all free ones come first.
	struct branches without, with;
	size_t memory; // of their nodes
	struct budget budget;
	bool begun;
};

// Searches on until what the trials look for was found as cheap as can be, or to the end.
void survey_search(struct survey *survey, struct trials *trials);
void survey_release(struct survey *survey);

#endif
