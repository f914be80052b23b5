#include "explore/trials.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_BEST = 4096 };

struct trials_best {
	uint64_t hash;
	bool outcome;
	uint64_t cost;
	struct deviations deviations;
};

void deviations_set(struct deviations *to, const struct rt_deviation *items, size_t nr)
{
	to->items = xrealloc(to->items, nr + 1, sizeof(*items));
	if (nr)
		memcpy(to->items, items, nr * sizeof(*items));
	to->nr = nr;
}

void trials_release(struct trials *trials)
{
	for (size_t i = 0; i < trials->best.nr; i++)
		free(trials->best.items[i].deviations.items);
	free(trials->best.items);
	free(trials->sorted);
}

static struct trials_best *find_best(const struct trials *t, uint64_t hash, bool outcome)
{
	for (size_t i = 0; i < t->best.nr; i++)
		if (t->best.items[i].hash == hash && t->best.items[i].outcome == outcome)
			return &t->best.items[i];
	return NULL;
}

const struct deviations *trials_find(const struct trials *trials, uint64_t *cost)
{
	const struct trials_best *best = find_best(trials, trials->hash, trials->outcome);

	*cost = best ? best->cost : UINT64_MAX;
	return best ? &best->deviations : NULL;
}

static void note_best(struct trials *t, uint64_t hash, bool outcome,
		      const struct rt_deviation *deviations, size_t nr)
{
	const uint64_t cost = trials_cost(&t->running->warm.shared->result);
	struct trials_best *best = find_best(t, hash, outcome);

	if (!best && t->best.nr == MAX_BEST)
		return;
	if (best && (best->cost < cost || (best->cost == cost && best->deviations.nr <= nr)))
		return;
	if (!best) {
		best = VEC_PUSH(&t->best);
		*best = (struct trials_best){ .hash = hash, .outcome = outcome };
	}
	best->cost = cost;
	deviations_set(&best->deviations, deviations, nr);
}

static void note_trial(struct trials *t, const struct rt_deviation *deviations, size_t nr)
{
	const struct rt_result *r = &t->running->warm.shared->result;

	t->budget->steps += r->steps;
	t->steps += r->steps;
	if (nr > DEVIATIONS_MOST)
		return;
	note_best(t, r->outcome, true, deviations, nr);
	for (uint32_t i = 0; i < r->nr_findings; i++)
		note_best(t, r->findings[i].fingerprint, false, deviations, nr);
}

static int by_thread(const void *a, const void *b)
{
	const struct rt_deviation *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	return (x->nth > y->nth) - (x->nth < y->nth);
}

bool trials_over(const struct trials *trials)
{
	return trials->rc || budget_is_spent(trials->budget);
}

bool trials_run(struct trials *t, const struct rt_deviation *deviations, size_t nr, bool decisions)
{
	struct request request = running_request(t->running, RT_POLICY_GUIDED);

	if (trials_over(t))
		return false;
	t->budget->trials++;
	t->sorted = xrealloc(t->sorted, nr + 1, sizeof(*t->sorted));
	if (nr)
		memcpy(t->sorted, deviations, nr * sizeof(*deviations));
	qsort(t->sorted, nr, sizeof(*t->sorted), by_thread);
	request.deviations = t->sorted;
	request.rt.nr_deviations = (uint32_t)nr;
	request.rt.decisions = decisions;
	t->rc = warm_request(&t->running->warm, &request, t->err);
	if (!t->rc)
		note_trial(t, deviations, nr);
	return !t->rc;
}

bool trials_show(struct trials *t, const struct rt_deviation *deviations, size_t nr, bool decisions)
{
	return trials_run(t, deviations, nr, decisions) &&
	       running_shows(t->running, t->hash, t->outcome);
}

bool branch_take(struct branch *run, const struct trials *trials, uint32_t from)
{
	const struct rt_shared *shared = trials->running->warm.shared;
	const uint32_t nr = shared->result.nr_decisions;

	if (nr > RT_MAX_DECISIONS)
		return false;
	run->from = run->at = from;
	run->nr_nodes = nr;
	run->nodes = xcalloc(nr + 1, sizeof(*run->nodes));
	for (uint32_t i = 0; i < nr; i++)
		run->nodes[i] = node_of(&shared->decisions[i], 0);
	return true;
}

static bool is_taken(const struct branch *branch, const struct rt_decision *d)
{
	for (unsigned i = 0; i < branch->nr; i++)
		if (branch->deviations[i].thread == d->before &&
		    branch->deviations[i].nth == d->nth)
			return true;
	return false;
}

bool branch_next(struct branch *branch, unsigned kinds, struct branch *run)
{
	for (; branch->at < branch->nr_nodes; branch->at++) {
		struct node *node = &branch->nodes[branch->at];
		const struct rt_decision *d = &node->decision;
		const bool costs = d->preemptible && !d->choices;
		uint32_t chosen;

		if (d->chosen >= RT_SPURIOUS ||
		    !(kinds & (costs ? BRANCH_PREEMPTION : BRANCH_FREE)) || is_taken(branch, d))
			continue;
		chosen = node_next(node);
		if (chosen >= RT_SPURIOUS) // those are rare
			continue;
		*run = *branch;
		run->nodes = NULL;
		run->deviations[run->nr++] =
			(struct rt_deviation){ d->before, d->nth,
					       d->choices ? RT_CHOICE | chosen : chosen };
		run->added++;
		run->preemptions -= costs;
		return true;
	}
	return false;
}

void branch_release(struct branch *branch)
{
	free(branch->nodes);
	branch->nodes = NULL;
}
