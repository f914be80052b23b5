/*
 * Systematic exploration with iterative context bounding (Musuvathi, Qadeer,
 * Iterative Context Bounding for Systematic Testing of Multithreaded Programs,
 * PLDI 2007): all schedules with no preemption, then all with at most one, two,
 * ..., because most bugs need few, and because there are so few such schedules
 * that they can all be run.
 *
 * Data flow, once for each schedule:
 *
 *     path ──entries──► request, RT_POLICY_DFS ──► the program runs: follows the
 *      ▲                                           entries, then never preempts
 *      │                                             │
 *      └── learn(): decisions behind the entries ◄───┘ decisions, each with who
 *          advance(): to the next alternative          else was ready
 *
 * struct path is the schedule that was run last: a node for each decision of it,
 * with the alternatives there that were not tried yet. advance() drops the end of
 * the path up to the last decision with an alternative that the bound allows, and
 * takes that. So what is in memory is one path, never a set of schedules; what is
 * paid for it is that under a bound the schedules of the bounds before are run
 * again (`repeated`), to learn their decisions. They are not counted again.
 *
 * What an alternative costs:
 *   - another thread than the one that runs, which was about to go on: one, a
 *     preemption;
 *   - another thread where the running one has blocked, yielded, ended or has to
 *     rest: nothing;
 *   - which waiter is woken: nothing;
 *   - that the next deadline comes early, at any decision while somebody waits
 *     with one: one. It is as if the scheduler had held everybody up until then;
 *   - that a wait on a condition variable ends without a signal: one.
 * What runs without an alternative being taken costs nothing, so that a schedule
 * costs what its entries cost, which is known before it runs.
 *
 * "Complete up to k" is said of a bound when advance() came to its end under it
 * and no gap (enum bounded_gap) was seen: every schedule ended by itself, all its
 * decisions and all its threads were seen, and none was kept from going on by the
 * runtime's fairness. When, besides, no alternative was left out for its cost,
 * there are no other schedules at all. What makes the whole program doubtful
 * (uncontrolled calls, processes, a schedule that could not be confirmed) is
 * known to the campaign; guarantee.c looks there as well.
 */
#include "explore/bounded.h"

#include "base/mem.h"
#include "explore/campaign.h"

#include <stdlib.h>
#include <string.h>

enum { SEEN_THREADS = 64, EARLY = SEEN_THREADS };

#define NOBODY UINT32_MAX

struct node {
	struct rt_decision decision; // `chosen`: the alternative that is being tried
	uint32_t first;              // what was chosen when nothing was asked for
	uint32_t next;               // alternative to try next: a thread, EARLY, a choice
	unsigned spent;              // what the path up to here has cost
};

struct search {
	struct campaign *campaign;
	const struct bounded_limits *limits;
	struct bounded *done;
	struct {
		struct node *items;
		size_t nr, alloc;
	} path;
	uint64_t pruned;       // alternatives that cost too much for the bound
	uint64_t steps_before; // of the campaign
	bool over;             // no further schedule is to be run, whatever the bound
	struct err *err;
};

static unsigned cost(const struct rt_decision *d, uint32_t chosen)
{
	if (d->choices)
		return chosen == RT_SPURIOUS;
	return chosen == RT_VALUE || (d->costs && chosen != d->before);
}

static unsigned cost_of_path(const struct search *s)
{
	const struct node *last;

	if (!s->path.nr)
		return 0;
	last = &s->path.items[s->path.nr - 1];
	return last->spent + cost(&last->decision, last->decision.chosen);
}

// The alternative of that number as `chosen` has it; NOBODY: there is none.
static uint32_t alternative(const struct node *node, uint32_t number)
{
	const struct rt_decision *d = &node->decision;

	if (d->choices == 1)
		return number ? RT_SPURIOUS : NOBODY;
	if (number == node->first)
		return NOBODY;
	if (d->choices)
		return number;
	if (number == EARLY)
		return d->timed ? RT_VALUE : NOBODY;
	return d->ready >> number & 1 ? number : NOBODY;
}

// To the next schedule under the bound. False: there is none.
static bool advance(struct search *s)
{
	for (; s->path.nr; s->path.nr--) {
		struct node *node = &s->path.items[s->path.nr - 1];
		struct rt_decision *d = &node->decision;
		// One choice: whether it happens.
		const uint32_t end = d->choices == 1 ? 2 : d->choices ? d->choices : EARLY + 1;

		while (node->next < end) {
			uint32_t chosen = alternative(node, node->next++);

			if (chosen == NOBODY)
				continue;
			if (node->spent + cost(d, chosen) > s->done->reached) {
				s->pruned++;
				continue;
			}
			d->chosen = (uint16_t)chosen;
			return true;
		}
	}
	return false;
}

// The path as entries of the request.
static void give(const struct search *s)
{
	struct rt_shared *shared = s->campaign->warm.shared;
	struct rt_entry *entry = NULL;

	shared->nr_schedule_in = 0;
	for (size_t i = 0; i < s->path.nr; i++) {
		const struct rt_decision *d = &s->path.items[i].decision;
		bool choice = d->choices || d->chosen == RT_VALUE;
		uint32_t who = choice ? RT_CHOICE | d->chosen : d->chosen;

		if (d->choices == 1 && d->chosen != RT_SPURIOUS)
			continue;
		if (!entry || entry->who != who) {
			entry = &shared->schedule_in[shared->nr_schedule_in++];
			*entry = (struct rt_entry){ who, 0 };
		}
		entry->times++;
	}
}

static bool is_same(const struct rt_decision *a, const struct rt_decision *b)
{
	return a->ready == b->ready && a->nth == b->nth && a->chosen == b->chosen &&
	       a->before == b->before && a->choices == b->choices && a->costs == b->costs &&
	       a->timed == b->timed;
}

// What the schedule has decided behind the path becomes the path's. -1: it left the path.
static int learn(struct search *s)
{
	const struct rt_shared *shared = s->campaign->warm.shared;
	const uint32_t made = shared->result.nr_decisions;
	const uint32_t nr = made < RT_MAX_DECISIONS ? made : RT_MAX_DECISIONS;
	unsigned spent = cost_of_path(s);

	if (shared->result.ending == RT_END_DIVERGED || nr < s->path.nr)
		return -1;
	for (size_t i = 0; i < s->path.nr; i++)
		if (!is_same(&s->path.items[i].decision, &shared->decisions[i]))
			return -1;
	for (size_t i = s->path.nr; i < nr; i++) {
		const struct rt_decision *d = &shared->decisions[i];

		*VEC_PUSH(&s->path) =
			(struct node){ .decision = *d, .first = d->chosen, .spent = spent };
	}
	return 0;
}

static bool ended_by_itself(uint32_t ending)
{
	return ending == RT_END_EXIT || ending == RT_END_SIGNAL || ending == RT_END_STUCK;
}

static unsigned gaps_of(const struct rt_result *r)
{
	unsigned gaps = 0;

	if (!ended_by_itself(r->ending))
		gaps |= GAP_CUT;
	if (r->nr_decisions > RT_MAX_DECISIONS)
		gaps |= GAP_DECISIONS;
	if (r->threads > SEEN_THREADS)
		gaps |= GAP_THREADS;
	if (r->deprioritised)
		gaps |= GAP_RESTS;
	return gaps;
}

// Runs the path's schedule, with more threads when it needs them.
static int run(struct search *s, bool again)
{
	struct campaign *c = s->campaign;

	do {
		give(s);
		c->warm.shared->request = (struct rt_request){
			.policy = RT_POLICY_DFS,
			.iterations = 1,
			.max_steps = c->options->max_steps,
			.threads = c->prepared,
			.wall_ms = c->options->wall_ms,
			.uncounted = again,
			.decisions = true,
			.spurious = true,
		};
		if (warm_request(&c->warm, s->err))
			return -1;
		campaign_note_sizes(c, &c->dfs);
	} while (campaign_prepare_more(c));
	return 0;
}

static int try_path(struct search *s)
{
	struct campaign *c = s->campaign;
	struct bounded *b = s->done;
	// Whatever costs less has been run under an earlier bound.
	const bool again = cost_of_path(s) < b->reached;

	if (run(s, again)) {
		b->gaps |= GAP_STOPPED;
		return -1;
	}
	if (learn(s)) {
		b->gaps |= GAP_INPUT;
		s->over = true;
	} else {
		b->gaps |= gaps_of(&c->warm.shared->result);
	}
	if (again) {
		b->repeated++;
		return 0;
	}
	b->schedules++;
	c->dfs.iterations++;
	c->done++;
	return campaign_take_news(c, RT_POLICY_DFS, s->err);
}

static uint64_t used(const struct search *s)
{
	return s->done->schedules + (s->limits->cheap ? s->done->repeated : 0);
}

static bool used_up(struct search *s)
{
	unsigned gaps = 0;

	if (used(s) >= s->limits->schedules)
		gaps |= GAP_SCHEDULES;
	if (s->campaign->all_steps - s->steps_before >= s->limits->steps)
		gaps |= GAP_STEPS;
	s->done->gaps |= gaps;
	return gaps;
}

/*
 * An estimate of the schedules without preemptions, from the first (Knuth,
 * Estimating the Efficiency of Backtrack Programs, 1975): the product of the ways
 * to go on at each decision.
 */
static double ways(const struct search *s)
{
	double product = 1;

	for (size_t i = 0; i < s->path.nr; i++) {
		const struct rt_decision *d = &s->path.items[i].decision;

		if (d->choices)
			product *= d->choices;
		else if (!d->costs && d->ready)
			product *= __builtin_popcountll(d->ready);
	}
	return product;
}

// All schedules under one bound, as far as the limits go.
static int search_bound(struct search *s)
{
	s->path.nr = 0;
	s->pruned = 0;
	do {
		if (used_up(s)) {
			s->over = true;
			return 0;
		}
		if (try_path(s))
			return -1;
		if (s->limits->cheap && s->done->schedules == 1 &&
		    ways(s) > (double)s->limits->schedules) {
			s->done->gaps |= GAP_SCHEDULES;
			s->over = true;
		}
	} while (!s->over && advance(s));
	return 0;
}

static void end_bound(struct search *s)
{
	struct bounded *b = s->done;

	if (!b->gaps) {
		b->complete = (int)b->reached;
		b->completed = b->schedules;
		b->all = !s->pruned;
	}
	// Each alternative that was left out leads to at least one schedule of the next bound,
	// where everything up to here is run again.
	s->over = !s->pruned || (s->campaign->options->bounded &&
				 b->reached >= s->campaign->options->preemptions);
	if (s->limits->cheap)
		s->over |= b->gaps || used(s) + b->schedules + s->pruned > s->limits->schedules;
}

int bounded_search(struct campaign *c, const struct bounded_limits *limits, struct err *err)
{
	struct search s = { .campaign = c,
			    .limits = limits,
			    .done = &c->bounded,
			    .steps_before = c->all_steps,
			    .err = err };
	int rc = 0;

	c->bounded = (struct bounded){ .complete = -1 };
	for (;; c->bounded.reached++) {
		rc = search_bound(&s);
		if (rc || s.over)
			break;
		end_bound(&s);
		if (s.over)
			break;
	}
	free(s.path.items);
	return rc;
}
