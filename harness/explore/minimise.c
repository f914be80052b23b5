#include "explore/minimise.h"

#include "base/mem.h"
#include "explore/fewest.h"

#include <stdlib.h>
#include <string.h>

/*
 * Trials are iterations: a few hundred of a small program take a tenth of a second.
 * All those of a campaign share the steps, a second at most; what comes when they
 * are used up, of a long program the later outcomes, gets a few trials each.
 */
enum { MAX_TRIALS = 400, STEP_BUDGET = 2000000, LEAST_TRIALS = 4 };

void minimiser_release(struct minimiser *minimiser)
{
	trials_release(&minimiser->trials);
	survey_release(&minimiser->survey);
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

// Leaves out what can be left out, in pieces of so many deviations. True when any could.
static bool leave_out(struct trials *t, struct deviations *deviations, size_t piece)
{
	struct rt_deviation *rest = xcalloc(deviations->nr + 1, sizeof(*rest));
	bool shorter = false;

	// From the end: what comes late matters least to the rest.
	for (size_t end = deviations->nr; end > 0 && !trials_over(t);) {
		size_t from = end > piece ? end - piece : 0, nr = deviations->nr - (end - from);

		if (from)
			memcpy(rest, deviations->items, from * sizeof(*rest));
		memcpy(rest + from, deviations->items + end,
		       (deviations->nr - end) * sizeof(*rest));
		if (trials_show(t, rest, nr, false)) {
			deviations_set(deviations, rest, nr);
			shorter = true;
		}
		end = from;
	}
	free(rest);
	return shorter;
}

static void reduce_deviations(struct trials *t, struct deviations *deviations)
{
	for (size_t piece = (deviations->nr + 1) / 2; piece > 1; piece = (piece + 1) / 2)
		leave_out(t, deviations, piece);
	while (leave_out(t, deviations, 1) && !trials_over(t))
		;
}

// The deviations of the schedule itself; of one that is too long to be written down none.
static int own_deviations(struct trials *t, const struct schedule *schedule,
			  struct deviations *deviations)
{
	struct warm *warm = &t->running->warm;
	const struct rt_result *r = &warm->shared->result;
	struct request request = running_replay(t->running, schedule);

	request.rt.decisions = true;
	t->rc = warm_request(warm, &request, t->err);
	if (!t->rc && r->ending != RT_END_LIMIT && r->nr_decisions <= RT_MAX_DECISIONS)
		*deviations = deviations_of(warm->shared);
	return t->rc;
}

// For a step of minimising, as many trials of the last one's length as are left.
static struct budget budget_left(const struct trials *t)
{
	const uint64_t left = t->steps < STEP_BUDGET ? STEP_BUDGET - t->steps : 0;
	const uint64_t most = LEAST_TRIALS + left / (t->running->warm.shared->result.steps + 1);

	return (struct budget){ .most_trials = most < MAX_TRIALS ? most : MAX_TRIALS,
				.most_steps = TRIALS_STEPS };
}

/*
 * The deviations that the survey has found or, where it has none, the schedule's own;
 * reduced when there are several. None: it cannot be written so.
 */
static int find_deviations(struct minimiser *m, const struct schedule *schedule,
			   struct deviations *deviations)
{
	struct trials *t = &m->trials;
	const struct deviations *known;
	uint64_t cost;

	survey_search(&m->survey, t);
	known = trials_find(t, &cost);
	if (known)
		deviations_set(deviations, known->items, known->nr);
	else if (t->rc || own_deviations(t, schedule, deviations))
		return -1;
	m->budget = (struct budget){ .most_trials = 1, .most_steps = TRIALS_STEPS };
	t->budget = &m->budget;
	if (deviations->nr > 1 && trials_show(t, deviations->items, deviations->nr, false)) {
		m->budget.most_trials = budget_left(t).most_trials;
		reduce_deviations(t, deviations);
	}
	return t->rc;
}

int minimise(struct minimiser *m, uint64_t hash, bool outcome, struct schedule *schedule,
	     struct err *err)
{
	struct trials *t = &m->trials;
	const struct rt_shared *shared = t->running->warm.shared;
	struct deviations deviations = { 0 };

	t->hash = hash;
	t->outcome = outcome;
	t->err = err;
	t->rc = 0;
	if (!find_deviations(m, schedule, &deviations) && deviations.items) {
		m->budget = budget_left(t);
		fewest(t, &deviations);
		m->budget.trials = m->budget.steps = 0;
		if (trials_show(t, deviations.items, deviations.nr, false)) {
			schedule->event_hash = shared->result.event_hash;
			schedule_set(schedule, shared->schedule_out,
				     shared->result.nr_schedule_out);
		}
	}
	free(deviations.items);
	return t->rc;
}
