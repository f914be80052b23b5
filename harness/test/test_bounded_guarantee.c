/*
 * What a depth-first search says it is worth, when it did not run all, when what
 * it ran is not all there is, and as one policy of many.
 */
#include "test/guarantee_text.h"
#include "test/searched.h"

#include <stdio.h>

static void what_was_not_run_to_its_end_is_not_complete(void)
{
	static const char *const fair[] = { "yielding", "re-reading" };
	struct run r;

	for (size_t i = 0; i < ARRAY_SIZE(fair); i++) {
		run_limited(&r, "tiny", fair[i], 2, 500, 1000000);
		says_why_not(&r, "a thread that yields or only re-reads lets others go first");
		run_end(&r);
	}
	run_limited(&r, "tiny", "3x3", 1, PLENTY, 5);
	says_why_not(&r, "a schedule did not end by itself");
	run_end(&r);
	run_limited(&r, "tiny", "long", 1, 3, 1000000);
	says_why_not(&r, "a schedule had more decisions than are recorded");
	CHECK_NUMBER(r.campaign.known.outcomes.nr, 1);
	CHECK_TEXT(r.campaign.known.outcomes.items[0].text, ""); // it ran to its end all the same
	run_end(&r);
	run_limited(&r, "crowd", "70", 0, 3, 1000000);
	says_why_not(&r, "there were more than 64 threads");
	CHECK_NUMBER(count(&r, "done"), 3); // prepared are 8 at first
	run_end(&r);
}

static void what_is_not_controlled_is_not_complete(void)
{
	struct run r;

	run_limited(&r, "tiny", "semop", 0, 50, 1000000);
	says_why_not(&r, "semop is not controlled");
	run_end(&r);
	run_limited(&r, "outside", "steps", 1, 50, 1000000);
	says_why_not(&r, "the same decisions led elsewhere");
	run_end(&r);
	run_limited(&r, "outside", "said", 1, 50, 1000000);
	says_why_not(&r, "the same decisions led elsewhere");
	run_end(&r);
}

// Begins when a round of the random policies is over, and takes no more than its share.
static void it_is_a_small_part_of_all(void)
{
	static const struct {
		const char *name, *arg;
		bool some; // bound is complete
	} rows[] = { { "tiny", "2x1", true },
		     { "crowd", "6", false },
		     { "tiny", "yielding", false } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (uint64_t share = 0; share <= 100; share += 100) {
			struct err err = ERR_INIT;
			struct run r;

			run_limited(&r, rows[i].name, rows[i].arg, NO_BOUND, 1, 1000000);
			free(r.guarantee);
			campaign_release(&r.campaign);
			r.options.policy = NULL;
			r.options.iterations = 600;
			r.options.search = share;
			CHECK_NUMBER(campaign_run(&r.campaign, &r.options, &err), 0);
			r.guarantee = campaign_guarantee_text(&r.campaign);
			CHECK_NUMBER(r.campaign.known.done, 600);
			CU_ASSERT(r.campaign.known.bounded.schedules +
					  r.campaign.known.bounded.repeated <=
				  share);
			CU_ASSERT((r.campaign.known.bounded.schedules > 0) == (share > 0));
			// Not begun is what does not fit, or cannot become complete.
			CU_ASSERT(!rows[i].some || !r.campaign.known.bounded.gaps);
			CU_ASSERT(rows[i].some || !r.campaign.known.bounded.reached);
			// Six threads end in 6! orders: one look is enough.
			CU_ASSERT(strcmp(rows[i].name, "crowd") ||
				  r.campaign.known.bounded.schedules <= 1);
			CHECK_AT(r.guarantee,
				 !strncmp(r.guarantee, "depth-first search: complete up to ", 35) ==
					 (rows[i].some && share));
			CHECK_HAS(r.guarantee, "schedules of random walk: ");
			run_end(&r);
		}
}

static const struct {
	struct bounded done;
	bool processes;
	const char *alarm, *says;
} guarantees[] = {
	{ { .schedules = 1, .complete = 0, .completed = 1, .all = true },
	  false,
	  "",
	  "depth-first search: complete up to 0 preemptions (1 schedule), and no schedule "
	  "has more" },
	{ { .schedules = 46, .reached = 2, .complete = 2, .completed = 46 },
	  false,
	  "",
	  "depth-first search: complete up to 2 preemptions (46 schedules)" },
	{ { .schedules = 50, .reached = 2, .complete = 1, .completed = 46, .gaps = GAP_SCHEDULES },
	  false,
	  "",
	  "depth-first search: complete up to 1 preemption (46 schedules); up to 2 not: 4 "
	  "more schedules, but the number of schedules was limited" },
	{ { .schedules = 47, .reached = 2, .complete = 1, .completed = 46, .gaps = GAP_STOPPED },
	  false,
	  "",
	  "depth-first search: complete up to 1 preemption (46 schedules); up to 2 not: 1 more "
	  "schedule, but it was stopped" },
	{ { .schedules = 50, .complete = -1, .gaps = GAP_STEPS | GAP_RESTS },
	  false,
	  "",
	  "50 schedules of depth-first search with at most 0 preemptions, not complete: "
	  "the "
	  "number of steps was limited and a thread that yields or only re-reads lets "
	  "others go first" },
	{ { .schedules = 46, .reached = 1, .complete = 1, .completed = 46, .all = true },
	  true,
	  "alarm",
	  "46 schedules of depth-first search with at most 1 preemption, not complete: "
	  "child "
	  "processes are not controlled and alarm is not controlled" },
	{ { .schedules = 5, .reached = 1, .complete = 0, .completed = 2, .gaps = GAP_INPUT },
	  false,
	  "",
	  "5 schedules of depth-first search with at most 1 preemption, not complete: the "
	  "same decisions led elsewhere" },
};

// The words alone: of what a search has done, and of what the campaign knows besides.
static void a_guarantee_says_what_was_covered_and_what_was_not(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(guarantees); i++) {
		const struct campaign_options options = { .policy = policy_get(RT_POLICY_DFS) };
		struct rt_shared *shared = xcalloc(1, sizeof(*shared));
		const struct campaign c = { .options = &options,
					    .running = { .warm = { .shared = shared } },
					    .known = { .bounded = guarantees[i].done,
						       .processes = guarantees[i].processes } };
		char *guarantee;

		shared->nr_uncontrolled = *guarantees[i].alarm != '\0';
		snprintf(shared->uncontrolled[0].name, RT_MAX_NAME, "%s", guarantees[i].alarm);
		guarantee = campaign_guarantee_text(&c);
		CHECK_TEXT(guarantee, guarantees[i].says);
		free(guarantee);
		free(shared);
	}
}

void suite_bounded_guarantee(void)
{
	static const struct test_case cases[] = {
		{ "what was not run to its end is not complete",
		  what_was_not_run_to_its_end_is_not_complete },
		{ "what is not controlled is not complete",
		  what_is_not_controlled_is_not_complete },
		{ "it is a small part of all", it_is_a_small_part_of_all },
		{ "a guarantee says what was covered and what was not",
		  a_guarantee_says_what_was_covered_and_what_was_not },
	};

	test_suite("bounded_guarantee", cases, ARRAY_SIZE(cases));
}
