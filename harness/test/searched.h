// Campaigns of depth-first search, with what they guarantee.
#ifndef RACEGATE_TEST_SEARCHED_H
#define RACEGATE_TEST_SEARCHED_H

#include "test/campaigned.h"

enum { NO_BOUND = -1, PLENTY = 1000000 };

// At most so many preemptions (NO_BOUND: as the schedules go), schedules, steps of each.
static inline void run_limited(struct run *run, const char *name, const char *arg, int preemptions,
			       uint64_t schedules, uint64_t max_steps)
{
	run_with(run, name, arg,
		 (struct campaign_options){ .policy = policy_get(RT_POLICY_DFS),
					    .bounded = preemptions != NO_BOUND,
					    .preemptions = (unsigned)preemptions,
					    .iterations = schedules,
					    .seed = 1,
					    .max_steps = max_steps });
	run->guarantee = campaign_guarantee_text(&run->campaign);
}

static inline void run(struct run *run, const char *name, const char *arg, int preemptions)
{
	run_limited(run, name, arg, preemptions, PLENTY, 1000000);
}

// Schedules that ended with the outcome.
static inline uint64_t count(const struct run *run, const char *text)
{
	const struct known_outcome *o = outcome(run, text);

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

	CHECK_TEXT(run->guarantee, expected);
	CHECK_NUMBER(run->campaign.known.done, schedules);
	free(expected);
}

static inline void says_why_not(const struct run *run, const char *why)
{
	CHECK_HAS(run->guarantee, "not complete: ");
	CHECK_HAS(run->guarantee, why);
	CU_ASSERT_PTR_NULL(strstr(run->guarantee, "complete up to"));
}

#endif
