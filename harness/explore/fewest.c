#include "explore/deviations.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

// What costs more stays a long story.
enum { MAX_ADDED = 3, MOST_COST = 10 };

struct trade {
	struct search *search;
	struct rt_deviation deviations[DEVIATIONS_MOST]; // kept, then added
	size_t nr, added, most_added;
	uint64_t below; // what is too much
};

static bool is_taken(const struct trade *t, const struct rt_decision *d)
{
	for (size_t i = 0; i < t->nr; i++)
		if (t->deviations[i].thread == d->before && t->deviations[i].nth == d->nth)
			return true;
	return false;
}

static bool look(struct trade *t, uint32_t from, unsigned preemptions);

// Goes on with each of the others that could have been chosen there.
static bool try_others(struct trade *t, const struct rt_decision *d, uint32_t next,
		       unsigned preemptions)
{
	uint32_t nr = d->choices ? d->choices : 64;

	for (uint32_t who = 0; who < nr; who++) {
		if (who == d->chosen || (!d->choices && !(d->ready >> who & 1)))
			continue;
		t->deviations[t->nr] = (struct rt_deviation){ d->before, d->nth,
							      d->choices ? RT_CHOICE | who : who };
		t->nr++;
		t->added++;
		if (look(t, next, preemptions))
			return true;
		t->nr--;
		t->added--;
	}
	return false;
}

// Whether the deviations show it, with more of them from decision `from` on.
static bool look(struct trade *t, uint32_t from, unsigned preemptions)
{
	const struct rt_shared *shared = t->search->campaign->warm.shared;
	struct rt_decision *decisions;
	bool found = false;
	uint32_t nr;

	if (search_shows(t->search, t->deviations, t->nr) &&
	    deviations_cost(&shared->result) < t->below)
		return true;
	if (t->search->rc || t->search->trials >= t->search->most || t->added == t->most_added ||
	    t->nr == DEVIATIONS_MOST)
		return false;
	nr = shared->result.nr_decisions;
	if (nr > RT_MAX_DECISIONS)
		return false;
	decisions = xcalloc(nr + 1, sizeof(*decisions));
	memcpy(decisions, shared->decisions, nr * sizeof(*decisions));
	for (uint32_t i = from; i < nr && !found; i++) {
		const struct rt_decision *d = &decisions[i];
		bool costs = d->preemptible && !d->choices;

		if (d->chosen < RT_SPURIOUS && !is_taken(t, d) && (!costs || preemptions))
			found = try_others(t, d, i + 1, preemptions - costs);
	}
	free(decisions);
	return found;
}

// What is kept of the deviations, a bit each, and what may be added.
struct offer {
	uint64_t kept;
	unsigned preemptions;
	size_t added;
};

static bool trade(struct search *s, struct deviations *deviations, struct offer offer,
		  uint64_t below)
{
	struct trade t = { .search = s, .below = below, .most_added = offer.added };

	for (size_t i = 0; i < deviations->nr; i++)
		if (offer.kept >> i & 1)
			t.deviations[t.nr++] = deviations->items[i];
	if (!look(&t, 0, offer.preemptions))
		return false;
	deviations->items = xrealloc(deviations->items, t.nr + 1, sizeof(*deviations->items));
	memcpy(deviations->items, t.deviations, t.nr * sizeof(*t.deviations));
	deviations->nr = t.nr;
	return true;
}

// What costs less than `now` preemptions with so many deviations added: first what may gain most.
static bool trade_any(struct search *s, struct deviations *deviations, uint64_t now, size_t added)
{
	const uint64_t one = 1,
		       all = deviations->nr < 64 ? (one << deviations->nr) - 1 : UINT64_MAX;

	for (size_t i = 0; i < deviations->nr; i++)
		if (trade(s, deviations, (struct offer){ one << i, now > 2, added }, now))
			return true;
	for (size_t i = 0; i < deviations->nr; i++)
		if (trade(s, deviations, (struct offer){ all & ~(one << i), 0, added }, now))
			return true;
	for (size_t i = 0; i < deviations->nr; i++)
		for (size_t k = i + 1; k < deviations->nr; k++)
			if (trade(s, deviations,
				  (struct offer){ all & ~(one << i) & ~(one << k), 1, added }, now))
				return true;
	return false;
}

// As few additions as possible: there are many ways to make more.
static bool trade_more(struct search *s, struct deviations *deviations, uint64_t now)
{
	for (size_t added = 1; added <= MAX_ADDED; added++)
		if (trade_any(s, deviations, now, added))
			return true;
	return false;
}

void fewest(struct search *s, struct deviations *deviations)
{
	struct rt_request *request = &s->campaign->warm.shared->request;
	const struct rt_result *result = &s->campaign->warm.shared->result;

	request->decisions = true;
	// The survey has looked for what costs one or nothing.
	while (deviations->nr && deviations->nr <= DEVIATIONS_MOST)
		if (!search_shows(s, deviations->items, deviations->nr) ||
		    deviations_cost(result) < 2 || deviations_cost(result) > MOST_COST ||
		    !trade_more(s, deviations, deviations_cost(result)))
			break;
	request->decisions = false;
}
