#include "base/mem.h"
#include "explore/turns.h"

#include <stdlib.h>
#include <string.h>

// Trials are iterations: a few hundred of a small program take a tenth of a second.
enum { MAX_TRIALS = 1000, STEP_BUDGET = 4000000 };

static int by_thread(const void *a, const void *b)
{
	const struct rt_turn *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	return (x->nth > y->nth) - (x->nth < y->nth);
}

// Where the schedule did something else than to let a thread run until it blocks.
static struct turns turns_of(const struct rt_shared *shared)
{
	struct turns turns = { xcalloc(shared->result.nr_decisions + 1, sizeof(struct rt_turn)),
			       0 };

	for (uint32_t i = 0; i < shared->result.nr_decisions; i++) {
		const struct rt_decision *d = &shared->decisions[i];
		uint32_t usual = d->preemptible ? d->before
				 : d->ready     ? (uint32_t)__builtin_ctzll(d->ready)
						: RT_VALUE;

		if (d->choices ? d->chosen != 0 : d->chosen != usual)
			turns.items[turns.nr++] =
				(struct rt_turn){ d->before, d->nth,
						  d->choices > 1 ? RT_CHOICE | d->chosen
								 : d->chosen };
	}
	return turns;
}

bool search_shows(struct search *s, const struct rt_turn *turns, size_t nr)
{
	struct rt_shared *shared = s->campaign->warm.shared;

	// Of a trial that was not made nothing is left to look at.
	shared->result.nr_decisions = 0;
	if (s->rc || s->trials++ >= s->most)
		return false;
	if (nr)
		memcpy(shared->turns, turns, nr * sizeof(*turns));
	qsort(shared->turns, nr, sizeof(*turns), by_thread);
	shared->nr_turns = (uint32_t)nr;
	s->rc = campaign_once(s->campaign, RT_POLICY_GUIDED, s->err);
	return !s->rc && campaign_shows(s->campaign, s->hash, s->outcome);
}

// One round of delta debugging: tries to leave out each of `parts` parts. True when one went.
static bool leave_out(struct search *s, struct turns *turns, size_t parts)
{
	struct rt_turn *rest = xcalloc(turns->nr + 1, sizeof(*rest));
	bool gone = false;

	for (size_t i = 0; i < parts && !gone; i++) {
		size_t from = turns->nr * i / parts, to = turns->nr * (i + 1) / parts;
		size_t nr = 0;

		for (size_t k = 0; k < turns->nr; k++)
			if (k < from || k >= to)
				rest[nr++] = turns->items[k];
		if (nr < turns->nr && search_shows(s, rest, nr)) {
			memcpy(turns->items, rest, nr * sizeof(*rest));
			turns->nr = nr;
			gone = true;
		}
	}
	free(rest);
	return gone;
}

static void reduce(struct search *s, struct turns *turns)
{
	size_t parts = 2;

	while (turns->nr && !s->rc && s->trials < s->most) {
		if (leave_out(s, turns, parts)) {
			parts = parts > 2 ? parts - 1 : 2;
		} else if (parts >= turns->nr) {
			return;
		} else {
			parts = 2 * parts < turns->nr ? 2 * parts : turns->nr;
		}
		if (parts > turns->nr)
			parts = turns->nr;
	}
}

static void take_entries(const struct rt_shared *shared, struct schedule *schedule)
{
	schedule->nr = shared->result.nr_entries;
	schedule->event_hash = shared->result.event_hash;
	schedule->entries =
		xrealloc(schedule->entries, schedule->nr + 1, sizeof(*schedule->entries));
	memcpy(schedule->entries, shared->entries, schedule->nr * sizeof(*schedule->entries));
}

int minimise(struct campaign *c, uint64_t hash, bool outcome, struct schedule *schedule,
	     struct err *err)
{
	struct search s = { .campaign = c, .hash = hash, .outcome = outcome, .err = err };
	struct rt_request *request = &c->warm.shared->request;
	struct turns turns;

	campaign_load(c, schedule);
	request->nr_watches = 0;
	request->decisions = true;
	s.rc = campaign_once(c, RT_POLICY_REPLAY, err);
	request->decisions = false;
	// Too long to be written down: it stays as it is.
	if (s.rc || c->warm.shared->result.ending == RT_END_LIMIT ||
	    c->warm.shared->result.nr_decisions > RT_MAX_DECISIONS)
		return s.rc;
	s.most = 4 + (unsigned)(STEP_BUDGET / (c->warm.shared->result.steps + 1));
	if (s.most > MAX_TRIALS)
		s.most = MAX_TRIALS;
	turns = turns_of(c->warm.shared);
	// None at all is the simplest, and often enough.
	if (search_shows(&s, NULL, 0)) {
		take_entries(c->warm.shared, schedule);
	} else if (search_shows(&s, turns.items, turns.nr)) {
		reduce(&s, &turns);
		s.trials = 0;
		fewest(&s, &turns);
		s.trials = 0;
		if (search_shows(&s, turns.items, turns.nr))
			take_entries(c->warm.shared, schedule);
	}
	free(turns.items);
	return s.rc;
}
