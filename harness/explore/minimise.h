// Schedules with as few preemptions as still show the same.
#ifndef RACEGATE_MINIMISE_H
#define RACEGATE_MINIMISE_H

#include "explore/survey.h"
#include "explore/trials.h"

// What a campaign keeps of minimising; `trials.running` is its caller's.
struct minimiser {
	struct trials trials;
	struct survey survey;
	struct budget budget; // of what follows the survey
};

void minimiser_release(struct minimiser *minimiser);

/*
 * Finds a schedule with as few preemptions as still show `hash` (a finding's
 * fingerprint, or an outcome when `outcome`), by the survey of short schedules
 * or, where that shows no way, by delta debugging over the deviations (Zeller,
 * Hildebrandt, Simplifying and Isolating Failure-Inducing Input, TSE 2002).
 * `schedule` is replaced, or left alone when nothing is gained.
 */
int minimise(struct minimiser *minimiser, uint64_t hash, bool outcome, struct schedule *schedule,
	     struct err *err);

#endif
