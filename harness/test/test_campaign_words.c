// What a campaign says: who holds what, what was ended and why, what a search found.
#include "test/campaigned.h"

static void run(struct run *run, const char *name, const char *arg, uint64_t seed, uint64_t times)
{
	run_with(run, name, arg, (struct campaign_options){ .seed = seed, .iterations = times });
}

static void a_writers_wait_names_the_readers(void)
{
	const struct known_finding *stuck;
	struct run r;

	run(&r, "rwlock", "crossed", 1, 450);
	stuck = finding(&r, KIND_DEADLOCK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(stuck);
	CHECK_HAS(stuck->finding.words, "T3 waits for rwlock lock at rwlock.c:");
	CHECK_HAS(stuck->finding.words, "holds for reading (locked at rwlock.c:");
	run_end(&r);
}

// With no preemption nothing shows it: the one alternative that costs is the wake-up.
static void the_search_finds_a_wait_that_trusts_its_wake_up(void)
{
	struct run r;

	for (unsigned most = 0; most < 2; most++) {
		run_with(&r, "condvar", "trusting",
			 (struct campaign_options){ .policy = policy_get(RT_POLICY_DFS),
						    .bounded = true,
						    .preemptions = most,
						    .iterations = 5000 });
		CHECK_NUMBER(r.campaign.known.bounded.complete, most);
		CU_ASSERT_PTR_NOT_NULL(outcome(&r, "items 1"));
		CHECK_NUMBER(outcome(&r, "items 0") != NULL, most);
		if (most)
			CHECK_NUMBER(outcome(&r, "items 0")->shown.confirmed, true);
		run_end(&r);
	}
}

static void what_was_ended_is_named_with_what_to_do(void)
{
	struct run r;

	run(&r, "limits", "steps", 1, 1);
	r.guarantee = campaign_guarantee_text(&r.campaign);
	CHECK_HAS(r.guarantee,
		  "1 schedule was ended after 1000000 steps (--max-steps N allows more");
	run_end(&r);
	run(&r, "limits", "too many", 1, 1);
	CU_ASSERT_PTR_NOT_NULL(outcome(&r, "[limit 256 threads]"));
	run_end(&r);
}

void suite_campaign_words(void)
{
	static const struct test_case cases[] = {
		{ "a writer's wait names the readers", a_writers_wait_names_the_readers },
		{ "the search finds a wait that trusts its wake-up",
		  the_search_finds_a_wait_that_trusts_its_wake_up },
		{ "what was ended is named with what to do",
		  what_was_ended_is_named_with_what_to_do },
	};

	test_suite("campaign_words", cases, ARRAY_SIZE(cases));
}
