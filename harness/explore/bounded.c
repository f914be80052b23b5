/*
 * Systematic exploration with iterative context bounding (Musuvathi, Qadeer,
 * Iterative Context Bounding for Systematic Testing of Multithreaded Programs,
 * PLDI 2007): all schedules with no preemption, then all with at most one, two,
 * ..., because most bugs need few, and because there are so few such schedules
 * that they can all be run.
 *
 * Data flow, once for each schedule:
 *
 *     path ─schedule_in─► request, RT_POLICY_DFS ─► the program runs: follows the
 *      ▲                                           entries, then never preempts
 *      │                                             │
 *      └── learn(): decisions after the entries ◄────┘ decisions, each with who
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

#include <stdlib.h>
#include <string.h>

static unsigned cost(const struct rt_decision *d, uint32_t chosen)
{
	if (d->choices)
		return chosen == RT_SPURIOUS;
	return chosen == RT_VALUE || (d->costs && chosen != d->before);
}

static unsigned cost_of_path(const struct bounded_search *s)
{
	const struct node *last;

	if (!s->path.nr)
		return 0;
	last = &s->path.items[s->path.nr - 1];
	return last->spent + cost(&last->decision, last->decision.chosen);
}

// To the next schedule under the bound. False: there is none.
static bool advance(struct bounded_search *s)
{
	for (; s->path.nr; s->path.nr--) {
		struct node *node = &s->path.items[s->path.nr - 1];
		uint32_t chosen;

		while ((chosen = node_next(node)) != NODE_NOBODY) {
			if (node->spent + cost(&node->decision, chosen) > s->done.reached) {
				s->pruned++;
				continue;
			}
			node->decision.chosen = (uint16_t)chosen;
			return true;
		}
	}
	return false;
}

// The path as entries of a schedule. How many they are.
static uint32_t write_path(struct bounded_search *s)
{
	uint32_t nr = 0;

	s->schedule = xrealloc(s->schedule, s->path.nr + 1, sizeof(*s->schedule));
	for (size_t i = 0; i < s->path.nr; i++) {
		const struct rt_decision *d = &s->path.items[i].decision;
		bool choice = d->choices || d->chosen == RT_VALUE;
		uint32_t who = choice ? RT_CHOICE | d->chosen : d->chosen;

		if (d->choices == 1 && d->chosen != RT_SPURIOUS)
			continue;
		if (!nr || s->schedule[nr - 1].who != who)
			s->schedule[nr++] = (struct rt_entry){ who, 0 };
		s->schedule[nr - 1].times++;
	}
	return nr;
}

static bool is_same(const struct rt_decision *a, const struct rt_decision *b)
{
	return a->ready == b->ready && a->nth == b->nth && a->chosen == b->chosen &&
	       a->before == b->before && a->choices == b->choices && a->costs == b->costs &&
	       a->timed == b->timed;
}

// What the schedule has decided after the path becomes the path's. -1: it left the path.
static int extend_path(struct bounded_search *s, const struct rt_shared *shared)
{
	const uint32_t made = shared->result.nr_decisions;
	const uint32_t nr = made < RT_MAX_DECISIONS ? made : RT_MAX_DECISIONS;
	unsigned spent = cost_of_path(s);

	if (shared->result.ending == RT_END_DIVERGED || nr < s->path.nr)
		return -1;
	for (size_t i = 0; i < s->path.nr; i++)
		if (!is_same(&s->path.items[i].decision, &shared->decisions[i]))
			return -1;
	for (size_t i = s->path.nr; i < nr; i++)
		*VEC_PUSH(&s->path) = node_of(&shared->decisions[i], spent);
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
	if (r->threads > NODE_THREADS)
		gaps |= GAP_THREADS;
	if (r->deprioritised)
		gaps |= GAP_RESTS;
	return gaps;
}

// Whatever costs less has been run under an earlier bound.
static bool is_repeated(const struct bounded_search *s)
{
	return cost_of_path(s) < s->done.reached;
}

/*
 * An estimate of the schedules without preemptions, from the first (Knuth,
 * Estimating the Efficiency of Backtrack Programs, 1975): the product of the ways
 * to go on at each decision.
 */
static double ways(const struct bounded_search *s)
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

// All schedules of the bound were run. False: there is no other bound.
static bool raise_bound(struct bounded_search *s)
{
	struct bounded *b = &s->done;

	if (!b->gaps) {
		b->complete = (int)b->reached;
		b->completed = b->schedules;
		b->all = !s->pruned;
	}
	// Each alternative that was left out leads to at least one schedule of the next bound,
	// where everything up to here is run again.
	if (!s->pruned || b->reached >= s->most)
		return false;
	if (s->cheap &&
	    (b->gaps || s->budget.trials + b->schedules + s->pruned > s->budget.most_trials))
		return false;
	b->reached++;
	s->path.nr = 0;
	s->pruned = 0;
	return true;
}

bool bounded_next(struct bounded_search *s, struct request *request)
{
	struct bounded *b = &s->done;

	if (!s->begun)
		b->complete = -1;
	else if (!s->over)
		s->over = !advance(s) && !raise_bound(s);
	s->begun = true;
	if (s->over)
		return false;
	if (s->budget.trials >= s->budget.most_trials)
		b->gaps |= GAP_SCHEDULES;
	if (s->budget.steps >= s->budget.most_steps)
		b->gaps |= GAP_STEPS;
	s->over = budget_is_spent(&s->budget);
	request->rt.policy = RT_POLICY_DFS;
	request->rt.uncounted = is_repeated(s);
	request->rt.decisions = request->rt.spurious = true;
	request->rt.nr_schedule_in = write_path(s);
	request->schedule_in = s->schedule;
	return !s->over;
}

bool bounded_learn(struct bounded_search *s, const struct rt_shared *shared)
{
	struct bounded *b = &s->done;
	const bool again = is_repeated(s);

	if (extend_path(s, shared)) {
		b->gaps |= GAP_INPUT;
		s->over = true;
	} else {
		b->gaps |= gaps_of(&shared->result);
	}
	*(again ? &b->repeated : &b->schedules) += 1;
	s->budget.trials += !again || s->cheap;
	if (s->cheap && b->schedules == 1 && ways(s) > (double)s->budget.most_trials) {
		b->gaps |= GAP_SCHEDULES;
		s->over = true;
	}
	return !again;
}

void bounded_release(struct bounded_search *s)
{
	free(s->path.items);
	free(s->schedule);
}
