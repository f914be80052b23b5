/*
 * The point of no return of a schedule. If every continuation of a prefix fails,
 * then so does every one of a longer prefix; one that does not fail proves that
 * the prefix, and all shorter ones, leave a way out. So the point is found by
 * bisection over the decisions. That there is no way out is never proved, only
 * tried: a few continuations decide where to go on, many confirm the end.
 */
#include "explore/no_return.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

// MAX_TRIALS and STEP_BUDGET are for all that a campaign has found: findings come first.
enum { FEW = 8, MANY = 60, MAX_TRIALS = 400, STEP_BUDGET = 1500000 };

struct bisection {
	struct running *running;
	const struct schedule *schedule;
	struct rt_entry *prefix; // of its entries
	uint64_t hash;
	uint32_t kind; // of the finding; RT_FOUND_NR: an outcome
	uint64_t step; // at the end of the prefix
	uint64_t seed;
	struct budget *budget;
	struct err *err;
};

static bool is_shown(const struct bisection *b)
{
	const struct rt_result *r = &b->running->warm.shared->result;

	if (b->kind == RT_FOUND_NR)
		return r->outcome == b->hash;
	// Elsewhere, or of other threads, it is as bad.
	for (uint32_t i = 0; i < r->nr_findings; i++)
		if (r->findings[i].kind == b->kind)
			return true;
	return false;
}

// The first `nr` decisions of the schedule become the prefix. How many entries it has.
static uint32_t cut_prefix(const struct bisection *b, uint64_t nr)
{
	uint32_t i = 0;

	for (; nr; i++) {
		struct rt_entry entry = b->schedule->entries[i];

		if (entry.times > nr)
			entry.times = (uint32_t)nr;
		b->prefix[i] = entry;
		nr -= entry.times;
	}
	return i;
}

/*
 * Tries `times` continuations: without preemption, then random walk and POS in
 * turn. 1: one of them avoids it; 0: none does; -1 with `err`.
 */
static int is_avoided(struct bisection *b, uint64_t nr, unsigned times)
{
	const struct rt_result *r = &b->running->warm.shared->result;
	struct request request = running_request(b->running, RT_POLICY_DFS);

	request.rt.early_timeouts = request.rt.spurious = true;
	request.rt.seed = b->seed;
	request.rt.nr_schedule_in = cut_prefix(b, nr);
	request.schedule_in = b->prefix;
	for (unsigned i = 0; i < times; i++) {
		request.rt.then = i % 2 ? RT_POLICY_RANDOM : RT_POLICY_POS;
		request.rt.first = i;
		if (warm_request(&b->running->warm, &request, b->err))
			return -1;
		request.rt.policy = RT_POLICY_PREFIX;
		b->budget->trials++;
		b->budget->steps += r->steps;
		if (!is_shown(b))
			return 1;
		if (i)
			b->step = r->prefix_end;
	}
	return 0;
}

// 0 with `found`, which stays empty when looking for it would take too long.
static int find_no_return(struct bisection *b, struct no_return *found)
{
	// A way out was seen from `open`; none from `closed`.
	const uint64_t all = schedule_decisions(b->schedule);
	uint64_t open = 0, closed = all;

	while (!budget_is_spent(b->budget)) {
		uint64_t middle = open + (closed - open) / 2;
		bool last = closed - open <= 1;
		// At its end nothing is left to be tried.
		if (last && closed == all)
			return 0;
		int avoided = is_avoided(b, last ? closed : middle, last ? MANY : FEW);

		if (avoided < 0)
			return -1;
		if (last && !avoided) {
			*found = (struct no_return){ b->step, MANY };
			return 0;
		}
		if (avoided)
			open = last ? closed : middle;
		else
			closed = middle;
		// The many have found a way out where the few had not.
		if (open == closed)
			closed = all;
	}
	return 0;
}

static int mark_shown(struct bisection b, struct shown *shown)
{
	int rc;

	if (!shown->minimised || !shown->confirmed || budget_is_spent(b.budget))
		return 0;
	b.schedule = &shown->schedule;
	b.hash = shown->hash;
	b.prefix = xcalloc(shown->schedule.nr + 1, sizeof(*b.prefix));
	rc = is_avoided(&b, 0, FEW);
	if (rc > 0)
		rc = find_no_return(&b, &shown->schedule.no_return);
	free(b.prefix);
	return rc;
}

int no_return_mark(struct running *running, struct known *known, uint64_t seed, struct err *err)
{
	const struct rt_shared *shared = running->warm.shared;
	struct budget budget = { .most_trials = MAX_TRIALS, .most_steps = STEP_BUDGET };
	// A campaign counts its iterations from 1: theirs are other numbers.
	struct bisection b = { .running = running,
			       .seed = rt_iteration_seed(seed, 0),
			       .budget = &budget,
			       .err = err };
	int rc = 0;

	// What a child process does is nobody's decision.
	if (known->processes)
		return 0;
	for (size_t i = 0; !rc && i < known->findings.nr; i++) {
		struct known_finding *f = &known->findings.items[i];

		b.kind = f->kind;
		if (f->kind != RT_FOUND_RACE &&
		    known_count(shared->findings, f->shown.hash) < known->done)
			rc = mark_shown(b, &f->shown);
	}
	b.kind = RT_FOUND_NR;
	for (size_t i = 0; !rc && i < known->outcomes.nr; i++) {
		struct known_outcome *o = &known->outcomes.items[i];

		// What needs no preemption and ends by itself is mostly what should happen.
		if (known_count(shared->outcomes, o->shown.hash) < known->done &&
		    (!o->ended || o->shown.preemptions))
			rc = mark_shown(b, &o->shown);
	}
	return rc;
}
