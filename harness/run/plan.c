#include "run/plan.h"

#include <stdlib.h>

void plan_release(struct plan *plan)
{
	free(plan->items);
	*plan = (struct plan){ 0 };
}

static bool satisfied(const struct plan_cell *cell)
{
	if (cell->enough && cell->detected >= cell->enough)
		return true;
	// What must be detected and was not gets all its runs, at any cost.
	return cell->spend_ns && cell->spent_ns >= cell->spend_ns && cell->started >= cell->least &&
	       !(cell->must_detect && !cell->detected);
}

static bool wants_more(const struct plan_cell *cell)
{
	if (cell->closed || cell->started >= cell->runs)
		return false;
	if (cell->round && cell->started % cell->round)
		return true;
	return !satisfied(cell);
}

/*
 * Whether it needs another shows when those under way have ended: a round, or as
 * many as would be enough if all of them were detected, as most are.
 */
static bool must_wait(const struct plan_cell *cell)
{
	const uint64_t under_way = cell->started - cell->ended;

	if (!under_way)
		return false;
	if (cell->round)
		return !(cell->started % cell->round);
	return cell->enough && cell->detected + under_way >= cell->enough;
}

// With time to spare: still undecided after all its runs.
static bool undecided(const struct plan_cell *cell)
{
	return !cell->closed && cell->must_detect && !cell->detected;
}

static double share(const struct plan_cell *cell)
{
	return (double)cell->started / (double)cell->runs;
}

static long least_served(const struct plan *plan)
{
	long best = -1;

	for (size_t i = 0; i < plan->nr; i++)
		if (wants_more(&plan->items[i]) && !must_wait(&plan->items[i]) &&
		    (best < 0 || share(&plan->items[i]) < share(&plan->items[best])))
			best = (long)i;
	if (best >= 0)
		return best;
	for (size_t i = 0; i < plan->nr; i++)
		if (undecided(&plan->items[i]) &&
		    (best < 0 || plan->items[i].spent_ns < plan->items[best].spent_ns))
			best = (long)i;
	return best;
}

long plan_next(struct plan *plan)
{
	long next = -1;

	if (plan->budgeted)
		next = least_served(plan);
	else
		for (size_t i = 0; i < plan->nr && next < 0; i++)
			if (wants_more(&plan->items[i]) && !must_wait(&plan->items[i]))
				next = (long)i;
	if (next >= 0)
		plan->items[next].started++;
	return next;
}

bool plan_ended(struct plan *plan, size_t cell, bool detected, int64_t cost_ns)
{
	struct plan_cell *c = &plan->items[cell];

	c->ended++;
	c->detected += detected;
	c->spent_ns += cost_ns;
	// With time to spare more runs may follow: the end is reported once.
	if (c->notified || c->ended != c->started || wants_more(c))
		return false;
	c->notified = true;
	return true;
}

void plan_close(struct plan *plan, size_t cell)
{
	plan->items[cell].closed = true;
}

double plan_progress(const struct plan *plan)
{
	double done = 0, all = 0;

	for (size_t i = 0; i < plan->nr; i++) {
		const struct plan_cell *c = &plan->items[i];

		if (c->closed)
			continue;
		all++;
		done += satisfied(c) ? 1
			: c->runs    ? (double)(c->ended < c->runs ? c->ended : c->runs) /
					    (double)c->runs
				  : 1;
	}
	return all > 0 ? done / all : 1;
}
