#include "explore/survey.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ADDED = 3, LEAST_TRIALS = 4, MAX_TRIALS = 1000 };
static const size_t memory_budget = (size_t)64 << 20;

static void release_branches(struct branches *branches)
{
	for (size_t i = branches->done; i < branches->nr; i++)
		branch_release(&branches->items[i]);
	free(branches->items);
}

void survey_release(struct survey *survey)
{
	release_branches(&survey->without);
	release_branches(&survey->with);
}

static size_t size_of(const struct branch *branch)
{
	return branch->nr_nodes * sizeof(*branch->nodes);
}

// The schedule that was just run, so that it can be changed from decision `from` on.
static void add_branch(struct survey *s, const struct trials *trials, struct branch *run,
		       uint32_t from)
{
	if (run->added == MAX_ADDED || s->memory > memory_budget || !branch_take(run, trials, from))
		return;
	s->memory += size_of(run);
	*VEC_PUSH(run->preemptions ? &s->without : &s->with) = *run;
}

static void begin_survey(struct survey *s, struct trials *trials)
{
	struct branch root = { .preemptions = 1 };
	uint64_t most;

	s->begun = true;
	s->budget = (struct budget){ .most_trials = 1, .most_steps = TRIALS_STEPS };
	if (!trials_run(trials, NULL, 0, true))
		return;
	most = LEAST_TRIALS + TRIALS_STEPS / (s->budget.steps + 1);
	s->budget.most_trials = most < MAX_TRIALS ? most : MAX_TRIALS;
	s->budget.trials = s->budget.steps = 0;
	add_branch(s, trials, &root, 0);
}

static struct branch *first_of(struct branches *branches)
{
	return branches->done < branches->nr ? &branches->items[branches->done] : NULL;
}

// It has no more free alternatives: now those that cost a preemption.
static void move_first(struct survey *s)
{
	struct branch *to = VEC_PUSH(&s->with);

	*to = s->without.items[s->without.done++];
	to->at = to->from;
}

static void drop_first(struct survey *s)
{
	struct branch *branch = &s->with.items[s->with.done++];

	s->memory -= size_of(branch);
	branch_release(branch);
}

static bool next_run(struct survey *s, struct branch *run)
{
	for (struct branch *branch; (branch = first_of(&s->without)); move_first(s))
		if (branch_next(branch, BRANCH_FREE, run))
			return true;
	for (struct branch *branch; (branch = first_of(&s->with)); drop_first(s))
		if (branch_next(branch, branch->preemptions ? BRANCH_PREEMPTION : BRANCH_FREE, run))
			return true;
	return false;
}

// Nothing better can come.
static bool is_found(const struct survey *s, const struct trials *trials)
{
	uint64_t cost;

	return trials_find(trials, &cost) &&
	       (!cost || (cost == 1 && s->without.done == s->without.nr));
}

void survey_search(struct survey *s, struct trials *trials)
{
	struct branch run;

	trials->budget = &s->budget;
	if (!s->begun)
		begin_survey(s, trials);
	while (!trials_over(trials) && !is_found(s, trials) && next_run(s, &run))
		if (trials_run(trials, run.deviations, run.nr, true))
			add_branch(s, trials, &run, run.at + 1);
}
