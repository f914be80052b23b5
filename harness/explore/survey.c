#include "base/mem.h"
#include "explore/deviations.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ADDED = 3, MAX_SEEN = 4096, MAX_TRIALS = 1000 };
static const size_t memory_budget = (size_t)32 << 20;

struct seen {
	uint64_t hash;
	bool outcome;
	uint64_t cost;
	struct deviations deviations;
};

// A schedule that was run, and what could have been chosen in it.
struct node {
	struct rt_deviation deviations[MAX_ADDED];
	unsigned nr;
	bool preempted;
	uint32_t from, at, who; // decisions that may be changed; the next to be tried
	struct rt_decision *decisions;
	uint32_t nr_decisions;
};

struct nodes {
	struct node *items;
	size_t nr, alloc, done;
};

struct survey {
	struct {
		struct seen *items;
		size_t nr, alloc;
	} seen;
	// Whose changes without, and with a preemption are to be tried; all without come first.
	struct nodes without, with;
	size_t memory; // of their decisions
	unsigned trials, most;
	uint64_t steps; // of the trials
	bool begun;
};

static void nodes_release(struct nodes *nodes)
{
	for (size_t i = nodes->done; i < nodes->nr; i++)
		free(nodes->items[i].decisions);
	free(nodes->items);
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	for (size_t i = 0; i < survey->seen.nr; i++)
		free(survey->seen.items[i].deviations.items);
	free(survey->seen.items);
	nodes_release(&survey->without);
	nodes_release(&survey->with);
	free(survey);
}

static struct survey *survey_of(struct campaign *c)
{
	if (!c->survey)
		c->survey = xcalloc(1, sizeof(*c->survey));
	return c->survey;
}

static struct seen *seen_find(struct survey *s, uint64_t hash, bool outcome)
{
	for (size_t i = 0; i < s->seen.nr; i++)
		if (s->seen.items[i].hash == hash && s->seen.items[i].outcome == outcome)
			return &s->seen.items[i];
	return NULL;
}

static void note(struct survey *s, uint64_t hash, bool outcome, uint64_t cost,
		 const struct rt_deviation *deviations, size_t nr)
{
	struct seen *seen = seen_find(s, hash, outcome);

	if (!seen && s->seen.nr == MAX_SEEN)
		return;
	if (seen && (seen->cost < cost || (seen->cost == cost && seen->deviations.nr <= nr)))
		return;
	if (!seen) {
		seen = VEC_PUSH(&s->seen);
		seen->hash = hash;
		seen->outcome = outcome;
	}
	seen->cost = cost;
	seen->deviations.nr = nr;
	seen->deviations.items = xrealloc(seen->deviations.items, nr + 1, sizeof(*deviations));
	if (nr)
		memcpy(seen->deviations.items, deviations, nr * sizeof(*deviations));
}

void survey_note(struct campaign *c, const struct rt_deviation *deviations, size_t nr)
{
	const struct rt_result *r = &c->warm.shared->result;
	uint64_t cost = deviations_cost(r);

	if (nr > DEVIATIONS_MOST)
		return;
	note(survey_of(c), r->outcome, true, cost, deviations, nr);
	for (uint32_t i = 0; i < r->nr_findings; i++)
		note(survey_of(c), r->findings[i].fingerprint, false, cost, deviations, nr);
}

// The schedule that was just run, so that it can be changed from decision `from` on.
static void push(struct campaign *c, struct nodes *nodes, const struct node *run, uint32_t from)
{
	const struct rt_shared *shared = c->warm.shared;
	struct survey *s = c->survey;
	size_t size = shared->result.nr_decisions * sizeof(struct rt_decision);
	struct node *node;

	if (run->nr == MAX_ADDED || shared->result.nr_decisions > RT_MAX_DECISIONS ||
	    s->memory + size > memory_budget)
		return;
	node = VEC_PUSH(nodes);
	*node = *run;
	node->from = node->at = from;
	node->who = 0;
	node->nr_decisions = shared->result.nr_decisions;
	node->decisions = xcalloc(node->nr_decisions + 1, sizeof(*node->decisions));
	memcpy(node->decisions, shared->decisions, size);
	s->memory += size;
}

static bool is_taken(const struct node *node, const struct rt_decision *d)
{
	for (unsigned i = 0; i < node->nr; i++)
		if (node->deviations[i].thread == d->before && node->deviations[i].nth == d->nth)
			return true;
	return false;
}

// The next change of the schedule, with a preemption or without; false: there is none left.
static bool next_change(struct node *node, bool with, struct rt_deviation *deviation)
{
	for (; node->at < node->nr_decisions; node->at++, node->who = 0) {
		const struct rt_decision *d = &node->decisions[node->at];
		uint32_t nr = d->choices ? d->choices : 64;

		if (d->chosen >= RT_SPURIOUS || (d->preemptible && !d->choices) != with ||
		    is_taken(node, d))
			continue;
		while (node->who < nr) {
			uint32_t who = node->who++;

			if (who == d->chosen || (!d->choices && !(d->ready >> who & 1)))
				continue;
			*deviation = (struct rt_deviation){ d->before, d->nth,
							    d->choices ? RT_CHOICE | who : who };
			return true;
		}
	}
	return false;
}

static void begin(struct search *search)
{
	struct survey *s = search->campaign->survey;
	const struct rt_result *r = &search->campaign->warm.shared->result;
	const struct node root = { 0 };

	s->begun = true;
	s->most = 1;
	if (!search_run(search, NULL, 0))
		return;
	s->most = 4 + (unsigned)(DEVIATIONS_STEP_BUDGET / (r->steps + 1));
	if (s->most > MAX_TRIALS)
		s->most = MAX_TRIALS;
	push(search->campaign, &s->without, &root, 0);
}

static struct node *first_of(struct nodes *nodes)
{
	return nodes->done < nodes->nr ? &nodes->items[nodes->done] : NULL;
}

static void drop_first(struct survey *s, struct nodes *nodes)
{
	struct node *node = &nodes->items[nodes->done++];

	s->memory -= node->nr_decisions * sizeof(*node->decisions);
	free(node->decisions);
}

// One without a preemption has no more such changes: now those with one.
static void move_first(struct survey *s)
{
	struct node *to = VEC_PUSH(&s->with);

	*to = s->without.items[s->without.done++];
	to->at = to->from;
	to->who = 0;
}

// Runs the node with one more deviation.
static void try(struct search *search, const struct node *node,
		const struct rt_deviation *deviation, bool with)
{
	struct survey *s = search->campaign->survey;
	struct node run = *node; // the list may move

	run.deviations[run.nr++] = *deviation;
	run.preempted |= with;
	s->trials++;
	if (!search_run(search, run.deviations, run.nr))
		return;
	s->steps += search->campaign->warm.shared->result.steps;
	push(search->campaign, run.preempted ? &s->with : &s->without, &run, node->at + 1);
}

// One trial. False: there are no more.
static bool go_on(struct search *search)
{
	struct survey *s = search->campaign->survey;
	struct rt_deviation deviation;

	if (s->trials >= s->most || s->steps >= DEVIATIONS_STEP_BUDGET)
		return false;
	for (struct node *node; (node = first_of(&s->without)); move_first(s))
		if (next_change(node, false, &deviation)) {
			try(search, node, &deviation, false);
			return true;
		}
	for (struct node *node; (node = first_of(&s->with)); drop_first(s, &s->with))
		if (next_change(node, !node->preempted, &deviation)) {
			try(search, node, &deviation, !node->preempted);
			return true;
		}
	return false;
}

// Nothing better can come.
static bool is_found(const struct search *search, const struct seen *seen)
{
	const struct survey *s = search->campaign->survey;

	return seen && (!seen->cost || (seen->cost == 1 && s->without.done == s->without.nr));
}

const struct deviations *survey_find(struct search *search)
{
	struct survey *s = survey_of(search->campaign);
	struct rt_request *request = &search->campaign->warm.shared->request;
	struct seen *seen;

	request->decisions = true;
	if (!s->begun)
		begin(search);
	seen = seen_find(s, search->hash, search->outcome);
	while (!search->rc && !is_found(search, seen) && go_on(search))
		seen = seen_find(s, search->hash, search->outcome);
	request->decisions = false;
	seen = seen_find(s, search->hash, search->outcome);
	return seen ? &seen->deviations : NULL;
}
