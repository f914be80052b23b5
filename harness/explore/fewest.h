/*
 * Trades deviations for others until there are no fewer preemptions to be had so: all
 * but one, or one alone, for one new preemption; one for none; two for one. Leaving
 * deviations out alone keeps what another place in the schedule would give for
 * nothing. What one preemption alone can show is the survey's.
 */
#ifndef RACEGATE_FEWEST_H
#define RACEGATE_FEWEST_H

#include "explore/trials.h"

// `deviations` is replaced. The trials have a budget.
void fewest(struct trials *trials, struct deviations *deviations);

#endif
