// What a campaign is worth; what its search says, in words.
#include "base/mem.h"
#include "base/strbuf.h"
#include "explore/campaign.h"

#include <stdlib.h>

static const char *ending_of(uint64_t nr)
{
	return nr == 1 ? "" : "s";
}

static void add(struct strbuf *words, const char *between, const char *text)
{
	strbuf_addf(words, "%s%s", words->len ? between : "", text);
}

// Followed again, it showed something else: what it rests on is not under control.
static bool any_diverged(const struct campaign *c)
{
	bool divergence = false;

	for (size_t i = 0; i < c->findings.nr; i++)
		divergence |= c->findings.items[i].shown.divergence != NULL;
	for (size_t i = 0; i < c->outcomes.nr; i++)
		divergence |= c->outcomes.items[i].shown.divergence != NULL;
	return divergence;
}

// Why no bound at all is complete, whatever was run; "" when nothing is in the way. Owned.
static char *doubts(const struct campaign *c)
{
	const struct rt_shared *shared = c->warm.shared;
	struct strbuf words = STRBUF_INIT;

	if (c->processes)
		add(&words, " and ", "child processes are not controlled");
	for (uint32_t i = 0; i < shared->nr_uncontrolled; i++) {
		add(&words, " and ", shared->uncontrolled[i].name);
		strbuf_addstr(&words, " is not controlled");
	}
	if (c->bounded.gaps & GAP_INPUT || any_diverged(c))
		add(&words, " and ", "the same decisions led elsewhere");
	return strbuf_detach(&words);
}

// Why the search went no further than to the bounds that are complete. Owned.
static char *gaps(const struct bounded *b)
{
	static const struct {
		enum bounded_gap gap;
		const char *words;
	} rows[] = {
		{ GAP_SCHEDULES, "the number of schedules was limited" },
		{ GAP_STEPS, "the number of steps was limited" },
		{ GAP_CUT, "a schedule did not end by itself" },
		{ GAP_DECISIONS, "a schedule had more decisions than are recorded" },
		{ GAP_THREADS, "there were more than 64 threads" },
		{ GAP_STOPPED, "it was stopped" },
		{ GAP_RESTS, "a thread that yields or only re-reads lets others go first" },
	};
	struct strbuf words = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (b->gaps & rows[i].gap)
			add(&words, " and ", rows[i].words);
	return strbuf_detach(&words);
}

static void add_complete(const struct bounded *b, struct strbuf *words)
{
	uint64_t more = b->schedules - b->completed;

	strbuf_addf(words, "depth-first search: complete up to %d preemption%s (%llu schedule%s)",
		    b->complete, ending_of((uint64_t)b->complete), (unsigned long long)b->completed,
		    ending_of(b->completed));
	if (b->all)
		strbuf_addstr(words, ", and no schedule has more");
	if (more) {
		char *why = gaps(b);

		strbuf_addf(words, "; up to %u not: %llu more schedule%s, but %s", b->reached,
			    (unsigned long long)more, ending_of(more), why);
		free(why);
	}
}

static char *bounded_words(const struct campaign *c)
{
	struct strbuf words = STRBUF_INIT;
	const struct bounded *b = &c->bounded;
	char *doubt = doubts(c), *why = gaps(b);

	if (!*doubt && b->complete >= 0)
		add_complete(b, &words);
	else
		strbuf_addf(&words,
			    "%llu schedule%s of depth-first search with at most %u "
			    "preemption%s, not complete: %s%s%s",
			    (unsigned long long)b->schedules, ending_of(b->schedules), b->reached,
			    ending_of(b->reached), doubt, *doubt && *why ? " and " : "", why);
	free(doubt);
	free(why);
	return strbuf_detach(&words);
}

// Schedules that were ended after so much.
static uint64_t cut(const struct campaign *c, enum rt_ending ending)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < c->outcomes.nr; i++)
		if (c->outcomes.items[i].ending == ending)
			nr += campaign_count(c, &c->outcomes.items[i].shown);
	return nr;
}

struct guarantee campaign_guarantee(const struct campaign *c)
{
	struct guarantee guarantee = c->guarantee;

	// As one policy of many it is tried in case that it gets somewhere.
	if (c->bounded.schedules &&
	    (c->options->strategy == STRATEGY_DFS || c->bounded.complete >= 0))
		guarantee.search = bounded_words(c);
	guarantee.long_ones = (struct guarantee_cut){ cut(c, RT_END_STEPS), c->options->max_steps };
	guarantee.slow_ones =
		(struct guarantee_cut){ cut(c, RT_END_WALL), c->options->wall_ms / 1000 };
	return guarantee;
}
