/*
 * What one campaign of the explorer adds to its run's record: many schedules
 * were one run, so outcomes are counted over them.
 */
#ifndef RACEGATE_EXPLORED_H
#define RACEGATE_EXPLORED_H

#include "model/guarantee.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct explored_outcome {
	char *text;  // as the judge writes outcomes
	bool ended;  // by itself, whatever its exit status
	int code;    // exit status, when it ended by itself
	char *err;   // the last lines of its stderr when the status is not 0; NULL: none
	char *limit; // that ended it (model/limit.h), so that it shows nothing; NULL: none did
	uint64_t count;
	uint64_t first;       // schedule that showed it first, from 1
	uint64_t lines;       // of all that it printed in any order, and its ending; 0: not known
	char *schedule;       // file below the session; NULL: none was kept
	uint64_t preemptions; // of the schedule
};

struct explored {
	uint64_t schedules; // that were tried; 0: the run explored nothing
	uint64_t found;     // of them showed a finding, at least
	uint64_t first;     // the first that did, from 1; 0: none
	uint64_t steps;     // of the longest
	uint64_t threads;
	bool processes; // the program forked
	struct guarantee guarantee;
	struct {
		struct explored_outcome *items;
		size_t nr, alloc;
	} outcomes;
};

void explored_release(struct explored *explored);
json_t *explored_to_json(const struct explored *explored); // new reference
// 0, or -1 when the JSON is none (`explored` is empty then).
int explored_from_json(const json_t *json, struct explored *explored);

#endif
