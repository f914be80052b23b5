/*
 * A campaign: many iterations of one program under a portfolio of policies, and
 * for each new finding and outcome a schedule that shows it again.
 */
#ifndef RACEGATE_CAMPAIGN_H
#define RACEGATE_CAMPAIGN_H

#include "base/err.h"
#include "explore/known.h"
#include "explore/minimise.h"
#include "explore/policy.h"
#include "explore/running.h"
#include "model/witness.h"

enum { CAMPAIGN_MOST_PREEMPTIONS = 1000 };

struct campaign_options {
	const char *const *argv;     // the program, NULL-terminated
	const char *target;          // its id, for the schedules
	const char *built;           // what racegate was told to build it with; NULL: nothing
	const struct policy *policy; // NULL: the portfolio
	unsigned depth;              // of policies that have one; 0: 1 to 4 in turn
	bool bounded;                // depth-first search: `preemptions` was asked for
	unsigned preemptions;        // at most; not bounded: as far as the schedules go
	uint64_t iterations;
	uint64_t search; // of them, at most, for depth-first search beside the portfolio
	uint64_t seed;
	uint64_t max_steps; // of an iteration
	uint64_t may_steps; // likewise, if the program then comes to its end; 0: not tried
	uint64_t all_steps; // of all: then there are no more, and fewer where there are processes;
			    // 0: no limit
	unsigned wall_ms;   // for one iteration
	struct explore_terms terms;
	bool as_found; // schedules are not reduced to the fewest preemptions
	// Not NULL: a directed campaign, about these places only; their answers are added to it.
	struct witness_list *asked;
	int stop; // readable: come to an end; 0: there is no such descriptor
};

struct campaign {
	const struct campaign_options *options;
	struct known known;
	struct running running;
	struct minimiser minimiser;
	char *program_hash;
};

// Depth-first search alone was asked for.
static inline bool campaign_searches(const struct campaign_options *options)
{
	return options->policy && options->policy->use == RT_SEARCHES;
}

/*
 * Runs it. 0, or -1 with `err` when the program could not be explored; what was
 * found until then stays. To be stopped is no error: running.warm.stopped says so,
 * and what could not be followed again any more is left out. Release it in either
 * case.
 */
int campaign_run(struct campaign *campaign, const struct campaign_options *options,
		 struct err *err);
// Its beginning, the program warmed, and its end after `rc` of what was tried between them.
int campaign_start(struct campaign *campaign, const struct campaign_options *options,
		   struct err *err);
int campaign_stop(const struct campaign *campaign, int rc, struct err *err);
// Takes and proves the last iteration's findings that are new; the policy found them.
int campaign_take_findings(struct campaign *campaign, const struct policy *policy, struct err *err);
// Part `batch` of the portfolio, or what was asked for in its place.
struct slot campaign_slot(const struct campaign_options *options, uint64_t batch);
// What iteration `number` (from 1) of the campaign is asked for by this part.
struct request campaign_request(const struct campaign *campaign, const struct slot *slot,
				uint64_t number);
/*
 * Counts the sizes of the last request's iterations. True when the last of them needed
 * more threads than were prepared: they are now, and it can be repeated.
 */
bool campaign_note(struct campaign *campaign, struct policy_stats *stats);
void campaign_release(struct campaign *campaign);

#endif
