// Schedules as their deviations: what minimising leaves out and puts in.
#ifndef RACEGATE_DEVIATIONS_H
#define RACEGATE_DEVIATIONS_H

#include "explore/campaign.h"

// A schedule with more of them is too long to be searched.
enum { DEVIATIONS_MOST = 64 };

// A trial may take far more steps than the schedule that it was made from.
enum { DEVIATIONS_STEP_BUDGET = 1000000 };

struct deviations {
	struct rt_deviation *items; // owned
	size_t nr;
};

// A wait that ends without a signal is worth avoiding even for one more preemption.
static inline uint64_t deviations_cost(const struct rt_result *result)
{
	return result->preemptions + 2 * result->spurious;
}

// Trials for a schedule with fewer deviations that shows the same.
struct search {
	struct campaign *campaign;
	uint64_t hash; // of what is to be shown
	bool outcome;
	unsigned trials, most; // most: that there may be
	uint64_t steps;        // of the trials: they are bounded as well
	struct err *err;
	int rc;
};

// Runs these deviations. True when they show it; false, too, when there may be no more trials.
bool search_shows(struct search *search, const struct rt_deviation *deviations, size_t nr);
// Runs them for whatever they show. False: there may be no more trials, nothing was run.
bool search_run(struct search *search, const struct rt_deviation *deviations, size_t nr);

/* survey.c */

/*
 * What the trials of a campaign have shown, whatever they were made for: for
 * each outcome and finding the deviations that cost least. And a search
 * through all schedules of up to three deviations, one of them a preemption, the
 * fewest preemptions and deviations first, which is made once for all of them.
 */
struct survey;

void survey_free(struct survey *survey);
// Notes what the last iteration, which had these deviations, has shown.
void survey_note(struct campaign *campaign, const struct rt_deviation *deviations, size_t nr);
/*
 * Searches on until the search has what it looks for or is at its end. The best
 * deviations that are known then, borrowed until the next trial; NULL: none.
 */
const struct deviations *survey_find(struct search *search);

/* fewest.c */

/*
 * Trades deviations for others until there are no fewer preemptions to be had so: all
 * but one, or one alone, for one new preemption; one for none; two for one.
 * Leaving deviations out alone keeps what another place in the schedule would give
 * for nothing. What one preemption alone can show is the survey's. `deviations` is
 * replaced.
 */
void fewest(struct search *search, struct deviations *deviations);

#endif
