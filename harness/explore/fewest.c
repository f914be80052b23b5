#include "explore/fewest.h"

// What costs more stays a long story.
enum { MAX_ADDED = 3, MOST_COST = 10 };

// What is kept of the deviations, a bit each, and what may be added.
struct offer {
	uint64_t kept;
	unsigned preemptions;
	unsigned added;
};

/*
 * Depth first through the branches of `run`, until one shows it and costs less than
 * `below`; that is `run` then.
 */
static bool search_branches(struct trials *t, struct branch *run, unsigned most_added,
			    uint64_t below)
{
	const struct rt_result *result = &t->running->warm.shared->result;
	struct branch stack[MAX_ADDED];
	unsigned depth = 0;
	uint32_t from = 0;
	bool found;

	for (;;) {
		found = trials_show(t, run->deviations, run->nr, true) &&
			trials_cost(result) < below;
		if (found || trials_over(t))
			break;
		if (run->added < most_added && run->nr < DEVIATIONS_MOST &&
		    branch_take(run, t, from))
			stack[depth++] = *run;
		while (depth &&
		       !branch_next(&stack[depth - 1],
				    stack[depth - 1].preemptions ? BRANCH_FREE | BRANCH_PREEMPTION
								 : BRANCH_FREE,
				    run))
			branch_release(&stack[--depth]);
		if (!depth)
			break;
		from = run->at + 1;
	}
	while (depth)
		branch_release(&stack[--depth]);
	return found;
}

static bool make_trade(struct trials *t, struct deviations *deviations, struct offer offer,
		       uint64_t below)
{
	struct branch run = { .preemptions = offer.preemptions };

	for (size_t i = 0; i < deviations->nr; i++)
		if (offer.kept >> i & 1)
			run.deviations[run.nr++] = deviations->items[i];
	if (!search_branches(t, &run, offer.added, below))
		return false;
	deviations_set(deviations, run.deviations, run.nr);
	return true;
}

// What costs less than `now` preemptions with so many deviations added: first what may gain most.
static bool trade_any(struct trials *t, struct deviations *deviations, uint64_t now, unsigned added)
{
	const uint64_t one = 1,
		       all = deviations->nr < 64 ? (one << deviations->nr) - 1 : UINT64_MAX;

	for (size_t i = 0; i < deviations->nr; i++)
		if (make_trade(t, deviations, (struct offer){ one << i, now > 2, added }, now))
			return true;
	for (size_t i = 0; i < deviations->nr; i++)
		if (make_trade(t, deviations, (struct offer){ all & ~(one << i), 0, added }, now))
			return true;
	for (size_t i = 0; i < deviations->nr; i++)
		for (size_t k = i + 1; k < deviations->nr; k++)
			if (make_trade(t, deviations,
				       (struct offer){ all & ~(one << i) & ~(one << k), 1, added },
				       now))
				return true;
	return false;
}

// As few additions as possible: there are many ways to make more.
static bool trade_more(struct trials *t, struct deviations *deviations, uint64_t now)
{
	for (unsigned added = 1; added <= MAX_ADDED; added++)
		if (trade_any(t, deviations, now, added))
			return true;
	return false;
}

void fewest(struct trials *t, struct deviations *deviations)
{
	const struct rt_result *result = &t->running->warm.shared->result;

	// The survey has looked for what costs one or nothing.
	while (deviations->nr && deviations->nr <= DEVIATIONS_MOST)
		if (!trials_show(t, deviations->items, deviations->nr, false) ||
		    trials_cost(result) < 2 || trials_cost(result) > MOST_COST ||
		    !trade_more(t, deviations, trials_cost(result)))
			break;
}
