/*
 * Campaigns of depth-first search over the fixtures of explored.h, with what they
 * claim.
 */
#ifndef RACEGATE_TEST_SEARCHED_H
#define RACEGATE_TEST_SEARCHED_H

#include "explore/campaign.h"
#include "test/claim_text.h"
#include "test/explored.h"

#include <stdlib.h>
#include <string.h>

struct run {
	char *program, *claim;
	const char *argv[3];
	struct campaign_options options;
	struct campaign campaign;
};

enum { NO_BOUND = -1, PLENTY = 1000000 };

// At most so many preemptions (NO_BOUND: as the schedules go), schedules, steps of each.
static inline void run_limited(struct run *run, const char *name, const char *arg, int preemptions,
			       uint64_t schedules, uint64_t max_steps)
{
	struct err err = ERR_INIT;
	struct explored e;

	explored_start(&e, name, NULL); // builds it
	explored_end(&e);
	*run = (struct run){ .program = xasprintf("build/fixtures/explore_%s_clang", name) };
	run->argv[0] = run->program;
	run->argv[1] = arg;
	run->options = (struct campaign_options){ .argv = run->argv,
						  .target = "own.c",
						  .strategy = STRATEGY_DFS,
						  .bounded = preemptions != NO_BOUND,
						  .preemptions = (unsigned)preemptions,
						  .iterations = schedules,
						  .seed = 1,
						  .max_steps = max_steps,
						  .wall_ms = 60000 };
	CHECK_NUMBER(campaign_run(&run->campaign, &run->options, &err), 0);
	CHECK_TEXT(err.text, "");
	run->claim = claim_text(&run->campaign);
}

static inline void run(struct run *run, const char *name, const char *arg, int preemptions)
{
	run_limited(run, name, arg, preemptions, PLENTY, 1000000);
}

static inline void run_end(struct run *run)
{
	campaign_release(&run->campaign);
	free(run->program);
	free(run->claim);
}

static inline const struct campaign_outcome *outcome(const struct run *run, const char *text)
{
	const struct campaign *c = &run->campaign;

	for (size_t i = 0; i < c->outcomes.nr; i++)
		if (!strcmp(c->outcomes.items[i].text, text))
			return &c->outcomes.items[i];
	return NULL;
}

// Schedules that ended with the outcome.
static inline uint64_t count(const struct run *run, const char *text)
{
	const struct campaign_outcome *o = outcome(run, text);

	return o ? campaign_count(&run->campaign, &o->shown) : 0;
}

// "depth-first search: complete up to 2 preemptions (46 schedules)"; owned.
static inline char *complete(unsigned preemptions, uint64_t schedules, const char *more)
{
	return xasprintf("depth-first search: complete up to %u preemption%s (%llu schedule%s)%s",
			 preemptions, preemptions == 1 ? "" : "s", (unsigned long long)schedules,
			 schedules == 1 ? "" : "s", more);
}

static inline void says_complete(const struct run *run, unsigned preemptions, uint64_t schedules,
				 const char *more)
{
	char *expected = complete(preemptions, schedules, more);

	CHECK_TEXT(run->claim, expected);
	CHECK_NUMBER(run->campaign.done, schedules);
	free(expected);
}

static inline void says_why_not(const struct run *run, const char *why)
{
	CHECK_HAS(run->claim, "not complete: ");
	CHECK_HAS(run->claim, why);
	CU_ASSERT_PTR_NULL(strstr(run->claim, "complete up to"));
}

#endif
