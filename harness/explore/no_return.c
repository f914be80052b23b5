/*
 * The point of no return of a schedule. If every continuation of a prefix fails,
 * then so does every one of a longer prefix; one that does not fail proves that
 * the prefix, and all shorter ones, leave a way out. So the point is found by
 * bisection over the decisions. That there is no way out is never proved, only
 * tried: a few continuations decide where to go on, many confirm the end.
 */
#include "base/mem.h"
#include "explore/campaign.h"

#include <stdlib.h>
#include <string.h>

// What a campaign spends on it, for all that it has found: findings come first.
enum { FEW = 8, MANY = 60, MAX_TRIALS = 400, STEP_BUDGET = 1500000 };

struct spent {
	unsigned trials;
	uint64_t steps;
};

struct bisection {
	struct campaign *campaign;
	const struct schedule *schedule;
	uint64_t hash;
	uint32_t kind; // of the finding; RT_FOUND_NR: an outcome
	uint64_t step; // at the end of the prefix
	struct spent *spent;
	struct err *err;
};

static bool shows(const struct bisection *b)
{
	const struct rt_result *r = &b->campaign->warm.shared->result;

	if (b->kind == RT_FOUND_NR)
		return r->outcome == b->hash;
	// Elsewhere, or of other threads, it is as bad.
	for (uint32_t i = 0; i < r->nr_findings; i++)
		if (r->findings[i].kind == b->kind)
			return true;
	return false;
}

// The first `nr` decisions of the schedule.
static void give(const struct bisection *b, uint64_t nr)
{
	struct rt_shared *shared = b->campaign->warm.shared;
	uint32_t i = 0;

	for (; nr; i++) {
		struct rt_entry entry = b->schedule->entries[i];

		if (entry.times > nr)
			entry.times = (uint32_t)nr;
		shared->schedule_in[i] = entry;
		nr -= entry.times;
	}
	shared->nr_schedule_in = i;
}

/*
 * Tries `times` continuations: without preemption, then random walk and POS in
 * turn. 1: one of them avoids it; 0: none does; -1 with `err`.
 */
static int is_avoided(struct bisection *b, uint64_t nr, unsigned times)
{
	struct rt_request *request = &b->campaign->warm.shared->request;
	const struct rt_result *r = &b->campaign->warm.shared->result;

	give(b, nr);
	for (unsigned i = 0; i < times; i++) {
		request->then = i % 2 ? RT_POLICY_RANDOM : RT_POLICY_POS;
		request->seed = b->campaign->options->seed + i;
		if (campaign_once(b->campaign, i ? RT_POLICY_PREFIX : RT_POLICY_DFS, b->err))
			return -1;
		b->spent->trials++;
		b->spent->steps += r->steps;
		if (!shows(b))
			return 1;
		if (i)
			b->step = r->prefix_end;
	}
	return 0;
}

static bool may_try(const struct spent *spent)
{
	return spent->trials < MAX_TRIALS && spent->steps < STEP_BUDGET;
}

static uint64_t decisions_of(const struct schedule *schedule)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < schedule->nr; i++)
		sum += schedule->entries[i].times;
	return sum;
}

// 0 with `found`, which stays empty when looking for it would take too long.
static int bisect(struct bisection *b, struct no_return *found)
{
	// A way out was seen from `open`; none from `closed`.
	const uint64_t all = decisions_of(b->schedule);
	uint64_t open = 0, closed = all;

	while (may_try(b->spent)) {
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

static int mark(struct campaign *c, struct shown *shown, uint32_t kind, struct spent *spent,
		struct err *err)
{
	struct bisection b = { .campaign = c,
			       .schedule = &shown->schedule,
			       .hash = shown->hash,
			       .kind = kind,
			       .spent = spent,
			       .err = err };
	struct rt_request *request = &c->warm.shared->request;
	int rc;

	if (!shown->minimised || !shown->confirmed || !may_try(spent))
		return 0;
	request->nr_watches = 0;
	request->early_timeouts = request->spurious = true;
	rc = is_avoided(&b, 0, FEW);
	if (rc > 0)
		rc = bisect(&b, &shown->schedule.no_return);
	request->early_timeouts = request->spurious = false;
	return rc;
}

// What needs no preemption and ends by itself is mostly what should happen.
static bool is_worth_it(const struct campaign *c, const struct campaign_outcome *o)
{
	return campaign_count(c, &o->shown) < c->done && (!o->ended || o->shown.preemptions);
}

int campaign_no_return(struct campaign *c, struct err *err)
{
	struct spent spent = { 0 };
	int rc = 0;

	// What a child process does is nobody's decision.
	if (c->processes)
		return 0;
	for (size_t i = 0; !rc && i < c->findings.nr; i++) {
		struct campaign_finding *f = &c->findings.items[i];

		if (f->kind != RT_FOUND_RACE && campaign_hits(c, &f->shown) < c->done)
			rc = mark(c, &f->shown, f->kind, &spent, err);
	}
	for (size_t i = 0; !rc && i < c->outcomes.nr; i++) {
		struct campaign_outcome *o = &c->outcomes.items[i];

		if (is_worth_it(c, o))
			rc = mark(c, &o->shown, RT_FOUND_NR, &spent, err);
	}
	return rc;
}
