// What a campaign is worth; what its search says.
#include "explore/guarantee.h"

#include "base/mem.h"
#include "base/strbuf.h"

#include <stdlib.h>

static const char *ending_of(uint64_t nr)
{
	return nr == 1 ? "" : "s";
}

static void add_part(struct strbuf *text, const char *between, const char *part)
{
	strbuf_addf(text, "%s%s", text->len ? between : "", part);
}

// Followed again, it showed something else: what it rests on is not under control.
static bool any_diverged(const struct campaign *c)
{
	bool divergence = false;

	for (size_t i = 0; i < c->known.findings.nr; i++)
		divergence |= c->known.findings.items[i].shown.divergence != NULL;
	for (size_t i = 0; i < c->known.outcomes.nr; i++)
		divergence |= c->known.outcomes.items[i].shown.divergence != NULL;
	return divergence;
}

// Why no bound at all is complete, whatever was run; "" when nothing is in the way. Owned.
static char *doubts_text(const struct campaign *c)
{
	const struct rt_shared *shared = c->running.warm.shared;
	struct strbuf text = STRBUF_INIT;

	if (c->known.processes)
		add_part(&text, " and ", "child processes are not controlled");
	for (uint32_t i = 0; i < shared->nr_uncontrolled; i++) {
		add_part(&text, " and ", shared->uncontrolled[i].name);
		strbuf_addstr(&text, " is not controlled");
	}
	if (c->known.bounded.gaps & GAP_INPUT || any_diverged(c))
		add_part(&text, " and ", "the same decisions led elsewhere");
	return strbuf_detach(&text);
}

// Why the search went no further than to the bounds that are complete. Owned.
static char *gaps_text(const struct bounded *b)
{
	static const struct {
		enum bounded_gap gap;
		const char *text;
	} rows[] = {
		{ GAP_SCHEDULES, "the number of schedules was limited" },
		{ GAP_STEPS, "the number of steps was limited" },
		{ GAP_CUT, "a schedule did not end by itself" },
		{ GAP_DECISIONS, "a schedule had more decisions than are recorded" },
		{ GAP_THREADS, "there were more than 64 threads" },
		{ GAP_STOPPED, "it was stopped" },
		{ GAP_RESTS, "a thread that yields or only re-reads lets others go first" },
	};
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (b->gaps & rows[i].gap)
			add_part(&text, " and ", rows[i].text);
	return strbuf_detach(&text);
}

static void add_complete(const struct bounded *b, struct strbuf *text)
{
	uint64_t more = b->schedules - b->completed;

	strbuf_addf(text, "depth-first search: complete up to %d preemption%s (%llu schedule%s)",
		    b->complete, ending_of((uint64_t)b->complete), (unsigned long long)b->completed,
		    ending_of(b->completed));
	if (b->all)
		strbuf_addstr(text, ", and no schedule has more");
	if (more) {
		char *why = gaps_text(b);

		strbuf_addf(text, "; up to %u not: %llu more schedule%s, but %s", b->reached,
			    (unsigned long long)more, ending_of(more), why);
		free(why);
	}
}

static char *bounded_text(const struct campaign *c)
{
	struct strbuf text = STRBUF_INIT;
	const struct bounded *b = &c->known.bounded;
	char *doubt = doubts_text(c), *why = gaps_text(b);

	if (!*doubt && b->complete >= 0)
		add_complete(b, &text);
	else
		strbuf_addf(&text,
			    "%llu schedule%s of depth-first search with at most %u "
			    "preemption%s, not complete: %s%s%s",
			    (unsigned long long)b->schedules, ending_of(b->schedules), b->reached,
			    ending_of(b->reached), doubt, *doubt && *why ? " and " : "", why);
	free(doubt);
	free(why);
	return strbuf_detach(&text);
}

// Schedules that were ended after so much.
static uint64_t schedules_cut(const struct campaign *c, enum rt_ending ending)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < c->known.outcomes.nr; i++)
		if (c->known.outcomes.items[i].ending == ending)
			nr += known_count(c->running.warm.shared->outcomes,
					  c->known.outcomes.items[i].shown.hash);
	return nr;
}

// No schedule is left, and each ran under control to its end.
static bool is_whole(const struct campaign *c)
{
	char *doubt = doubts_text(c);
	bool whole = !*doubt && c->known.bounded.complete >= 0 && c->known.bounded.all &&
		     c->known.bounded.schedules == c->known.bounded.completed &&
		     !c->options->terms.few_spurious && !c->options->terms.due_timeouts;

	free(doubt);
	return whole;
}

// NULL: all was tried.
static char *left_out(const struct explore_terms *terms)
{
	struct strbuf text = STRBUF_INIT;

	if (terms->few_spurious && terms->spurious)
		strbuf_addf(&text, "more than %u wait%s of a schedule that end%s without a signal",
			    terms->spurious, ending_of(terms->spurious),
			    terms->spurious == 1 ? "s" : "");
	else if (terms->few_spurious)
		strbuf_addstr(&text, "waits that end without a signal");
	if (terms->due_timeouts)
		add_part(&text, " and ", "time-outs that come early");
	return text.len ? strbuf_detach(&text) : NULL;
}

struct guarantee campaign_guarantee(const struct campaign *c)
{
	struct guarantee guarantee = { 0 };

	guarantee_add(&guarantee, &c->known.guarantee);
	for (size_t i = 0; i < guarantee.policies.nr; i++)
		policy_stats_draw(&guarantee.policies.items[i], c->known.most_steps, 0);
	guarantee.left_out = left_out(&c->options->terms);
	if (c->running.warm.shared && *c->running.warm.shared->own_names)
		guarantee.own = xstrdup(c->running.warm.shared->own_names);
	// As one policy of many it is tried in case that it gets somewhere.
	if (c->known.bounded.schedules &&
	    (campaign_searches(c->options) || c->known.bounded.complete >= 0))
		guarantee.search = bounded_text(c);
	guarantee.whole = is_whole(c);
	guarantee.long_ones =
		(struct guarantee_cut){ schedules_cut(c, RT_END_STEPS), c->running.max_steps };
	guarantee.slow_ones =
		(struct guarantee_cut){ schedules_cut(c, RT_END_WALL), c->options->wall_ms / 1000 };
	return guarantee;
}
