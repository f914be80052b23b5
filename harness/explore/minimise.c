#include "base/mem.h"
#include "explore/deviations.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/*
 * Trials are iterations: a few hundred of a small program take a tenth of a second.
 * All those of a campaign share the steps, a second at most; what comes when they
 * are used up, of a long program the later outcomes, gets a few trials each.
 */
enum { MAX_TRIALS = 400, STEP_BUDGET = 2000000, LEAST_TRIALS = 4 };

static int by_thread(const void *a, const void *b)
{
	const struct rt_deviation *x = a, *y = b;

	if (x->thread != y->thread)
		return x->thread < y->thread ? -1 : 1;
	return (x->nth > y->nth) - (x->nth < y->nth);
}

// Where the schedule did something else than to let a thread run until it blocks.
static struct deviations deviations_of(const struct rt_shared *shared)
{
	struct deviations deviations = {
		xcalloc(shared->result.nr_decisions + 1, sizeof(struct rt_deviation)), 0
	};

	for (uint32_t i = 0; i < shared->result.nr_decisions; i++) {
		const struct rt_decision *d = &shared->decisions[i];
		uint32_t usual = d->preemptible ? d->before
				 : d->ready     ? (uint32_t)__builtin_ctzll(d->ready)
						: RT_VALUE;

		if (d->choices ? d->chosen != 0 : d->chosen != usual)
			deviations.items[deviations.nr++] =
				(struct rt_deviation){ d->before, d->nth,
						       d->choices > 1 ? RT_CHOICE | d->chosen
								      : d->chosen };
	}
	return deviations;
}

bool search_run(struct search *s, const struct rt_deviation *deviations, size_t nr)
{
	struct rt_shared *shared = s->campaign->warm.shared;

	// Of a trial that was not made nothing is left to look at.
	shared->result.nr_decisions = 0;
	if (s->rc || s->trials >= s->most || s->steps >= DEVIATIONS_STEP_BUDGET)
		return false;
	s->trials++;
	if (nr)
		memcpy(shared->deviations, deviations, nr * sizeof(*deviations));
	qsort(shared->deviations, nr, sizeof(*deviations), by_thread);
	shared->nr_deviations = (uint32_t)nr;
	s->rc = campaign_once(s->campaign, RT_POLICY_GUIDED, s->err);
	if (s->rc)
		return false;
	s->steps += shared->result.steps;
	s->campaign->reducing_steps += shared->result.steps;
	survey_note(s->campaign, deviations, nr);
	return true;
}

bool search_shows(struct search *s, const struct rt_deviation *deviations, size_t nr)
{
	return search_run(s, deviations, nr) && campaign_shows(s->campaign, s->hash, s->outcome);
}

// Leaves out what can be left out, in pieces of so many deviations. True when any could.
static bool leave_out(struct search *s, struct deviations *deviations, size_t piece)
{
	struct rt_deviation *rest = xcalloc(deviations->nr + 1, sizeof(*rest));
	bool gone = false;

	// From the end: what comes late matters least to the rest.
	for (size_t end = deviations->nr; end > 0 && !s->rc;) {
		size_t from = end > piece ? end - piece : 0, nr = deviations->nr - (end - from);

		if (from)
			memcpy(rest, deviations->items, from * sizeof(*rest));
		memcpy(rest + from, deviations->items + end,
		       (deviations->nr - end) * sizeof(*rest));
		if (search_shows(s, rest, nr)) {
			memcpy(deviations->items, rest, nr * sizeof(*rest));
			deviations->nr = nr;
			gone = true;
		}
		end = from;
	}
	free(rest);
	return gone;
}

static void reduce(struct search *s, struct deviations *deviations)
{
	for (size_t piece = (deviations->nr + 1) / 2; piece > 1; piece = (piece + 1) / 2)
		leave_out(s, deviations, piece);
	while (leave_out(s, deviations, 1) && s->trials < s->most)
		;
}

static void take_entries(const struct rt_shared *shared, struct schedule *schedule)
{
	schedule->nr = shared->result.nr_schedule_out;
	schedule->event_hash = shared->result.event_hash;
	schedule->entries =
		xrealloc(schedule->entries, schedule->nr + 1, sizeof(*schedule->entries));
	memcpy(schedule->entries, shared->schedule_out, schedule->nr * sizeof(*schedule->entries));
}

// The deviations of the schedule itself. 0, also when it is too long to be written down (none).
static int own_deviations(struct search *s, const struct schedule *schedule,
			  struct deviations *deviations)
{
	struct rt_request *request = &s->campaign->warm.shared->request;
	const struct rt_result *r = &s->campaign->warm.shared->result;

	campaign_load(s->campaign, schedule);
	request->decisions = true;
	s->rc = campaign_once(s->campaign, RT_POLICY_REPLAY, s->err);
	request->decisions = false;
	if (!s->rc && r->ending != RT_END_LIMIT && r->nr_decisions <= RT_MAX_DECISIONS)
		*deviations = deviations_of(s->campaign->warm.shared);
	return s->rc;
}

static void start_over(struct search *s)
{
	s->trials = 0;
	s->steps = 0;
}

static unsigned most_trials(const struct campaign *c)
{
	const uint64_t used = c->reducing_steps;
	const uint64_t left = used < STEP_BUDGET ? STEP_BUDGET - used : 0;
	unsigned most = LEAST_TRIALS + (unsigned)(left / (c->warm.shared->result.steps + 1));

	return most < MAX_TRIALS ? most : MAX_TRIALS;
}

static void copy_deviations(struct deviations *to, const struct deviations *from)
{
	to->items = xrealloc(to->items, from->nr + 1, sizeof(*from->items));
	memcpy(to->items, from->items, from->nr * sizeof(*from->items));
	to->nr = from->nr;
}

/*
 * The deviations that the survey has or, where it has none, the schedule's own;
 * reduced when there are several. None: it cannot be written in deviations.
 */
static int find_deviations(struct search *s, const struct schedule *schedule,
			   struct deviations *deviations)
{
	const struct deviations *known = survey_find(s);

	if (known)
		copy_deviations(deviations, known);
	else if (s->rc || own_deviations(s, schedule, deviations))
		return -1;
	start_over(s);
	if (deviations->nr > 1 && search_shows(s, deviations->items, deviations->nr)) {
		s->most = most_trials(s->campaign);
		reduce(s, deviations);
	}
	return s->rc;
}

int minimise(struct campaign *c, uint64_t hash, bool outcome, struct schedule *schedule,
	     struct err *err)
{
	struct search s = {
		.campaign = c, .hash = hash, .outcome = outcome, .most = UINT_MAX, .err = err
	};
	struct deviations deviations = { 0 };

	c->warm.shared->request.nr_watches = 0;
	if (!find_deviations(&s, schedule, &deviations) && deviations.items) {
		start_over(&s);
		s.most = most_trials(c);
		fewest(&s, &deviations);
		start_over(&s);
		if (search_shows(&s, deviations.items, deviations.nr))
			take_entries(c->warm.shared, schedule);
	}
	free(deviations.items);
	return s.rc;
}
