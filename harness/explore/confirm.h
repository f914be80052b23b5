// The self-check: a schedule is followed again before anything is said about it.
#ifndef RACEGATE_CONFIRM_H
#define RACEGATE_CONFIRM_H

#include "explore/known.h"
#include "explore/running.h"

/*
 * Follows the schedule twice and compares the runs with its event hash. The sites
 * at the steps that `finding` names (NULL: none) are in the last result's
 * `watched` afterwards. 0, with shown->confirmed or shown->divergence; -1 with
 * `err`.
 */
int confirm(struct running *running, struct shown *shown, const struct rt_finding *finding,
	    struct err *err);

#endif
