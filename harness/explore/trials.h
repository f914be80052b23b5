/*
 * Schedules written as their deviations, tried out to find one that shows the same
 * with fewer preemptions.
 */
#ifndef RACEGATE_TRIALS_H
#define RACEGATE_TRIALS_H

#include "explore/budget.h"
#include "explore/node.h"
#include "explore/running.h"

enum {
	// A schedule with more of them is too long to be searched.
	DEVIATIONS_MOST = 64,
	// A trial may take far more steps than the schedule that it was made from.
	TRIALS_STEPS = 1000000,
};

struct deviations {
	struct rt_deviation *items; // owned
	size_t nr;
};

void deviations_set(struct deviations *to, const struct rt_deviation *items, size_t nr);

// The trials of a campaign, and of the present search for one finding or outcome.
struct trials {
	struct running *running;
	uint64_t steps; // of all of them
	// The deviations that cost least of all that were tried, for each outcome and finding
	// that they have shown, whatever they were tried for.
	struct {
		struct trials_best *items;
		size_t nr, alloc;
	} best;
	struct rt_deviation *sorted; // those of the last trial

	uint64_t hash; // of what is to be shown
	bool outcome;
	struct budget *budget;
	struct err *err;
	int rc;
};

void trials_release(struct trials *trials);

// A wait that ends without a signal is worth avoiding even for one more preemption.
static inline uint64_t trials_cost(const struct rt_result *result)
{
	return result->preemptions + 2 * result->spurious;
}

// Nothing more can be tried: the budget is spent, or an error has ended it all.
bool trials_over(const struct trials *trials);
/*
 * Runs these deviations for whatever they show; `decisions`: all that could have been
 * chosen is recorded. False: there may be no more trials, nothing was run.
 */
bool trials_run(struct trials *trials, const struct rt_deviation *deviations, size_t nr,
		bool decisions);
// The same; true when they show what is looked for.
bool trials_show(struct trials *trials, const struct rt_deviation *deviations, size_t nr,
		 bool decisions);
/*
 * The cheapest deviations known that show what is looked for, borrowed until the
 * next trial, with their cost; NULL: none.
 */
const struct deviations *trials_find(const struct trials *trials, uint64_t *cost);

/*
 * A schedule that was run, and the alternatives in it that were not tried yet: a
 * node of the search through deviations.
 */
struct branch {
	struct rt_deviation deviations[DEVIATIONS_MOST];
	unsigned nr;
	unsigned added;       // of them, by the search
	unsigned preemptions; // that may still be added
	struct node *nodes;   // its decisions, owned
	uint32_t nr_nodes;
	uint32_t from, at; // decisions before `from` stay as they are; the present one
};

enum branch_kind { BRANCH_FREE = 1, BRANCH_PREEMPTION = 2 };

/*
 * The last trial, whose deviations those of `run` are, becomes a branch that deviates
 * from decision `from` on. False: it has too many decisions.
 */
bool branch_take(struct branch *run, const struct trials *trials, uint32_t from);
/*
 * The branch with its next alternative of one of the kinds (a set of enum branch_kind),
 * to be tried. False: there are no more.
 */
bool branch_next(struct branch *branch, unsigned kinds, struct branch *run);
void branch_release(struct branch *branch);

#endif
