// What a campaign says: who holds what, what was ended and why, what a search found.
#include "explore/campaign.h"
#include "test/claim_text.h"
#include "test/explored.h"

#include <stdlib.h>
#include <string.h>

struct run {
	char *program;
	const char *argv[3];
	struct campaign_options options;
	struct campaign campaign;
};

static void run_with(struct run *run, const char *name, const char *arg,
		     struct campaign_options options)
{
	struct explored e;
	struct err err = ERR_INIT;

	explored_start(&e, name, NULL);
	explored_end(&e);
	*run = (struct run){ .options = options };
	run->program = xasprintf("build/fixtures/explore_%s_clang", name);
	run->argv[0] = run->program;
	run->argv[1] = arg;
	run->options.argv = run->argv;
	run->options.target = "own.c";
	run->options.max_steps = 1000000;
	run->options.wall_ms = 60000;
	CHECK_NUMBER(campaign_run(&run->campaign, &run->options, &err), 0);
}

static void run(struct run *run, const char *name, const char *arg, uint64_t seed, uint64_t times)
{
	run_with(run, name, arg, (struct campaign_options){ .seed = seed, .iterations = times });
}

static void run_end(struct run *run)
{
	campaign_release(&run->campaign);
	free(run->program);
}

static const struct campaign_outcome *outcome(const struct run *run, const char *text)
{
	for (size_t i = 0; i < run->campaign.outcomes.nr; i++)
		if (!strcmp(run->campaign.outcomes.items[i].text, text))
			return &run->campaign.outcomes.items[i];
	return NULL;
}

static const struct campaign_finding *stuck_in(const struct campaign *c)
{
	for (size_t i = 0; i < c->findings.nr; i++)
		if (c->findings.items[i].finding.kind == KIND_DEADLOCK)
			return &c->findings.items[i];
	return NULL;
}

static void a_writers_wait_names_the_readers(void)
{
	const struct campaign_finding *stuck;
	struct run r;

	run(&r, "rwlock", "crossed", 1, 450);
	stuck = stuck_in(&r.campaign);
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
			 (struct campaign_options){ .strategy = STRATEGY_DFS,
						    .bounded = true,
						    .preemptions = most,
						    .iterations = 5000 });
		CHECK_NUMBER(r.campaign.bounded.complete, most);
		CU_ASSERT_PTR_NOT_NULL(outcome(&r, "items 1"));
		CHECK_NUMBER(outcome(&r, "items 0") != NULL, most);
		if (most)
			CHECK_NUMBER(outcome(&r, "items 0")->shown.confirmed, true);
		run_end(&r);
	}
}

static void what_was_ended_is_named_with_what_to_do(void)
{
	char *claim;
	struct run r;

	run(&r, "limits", "steps", 1, 1);
	claim = claim_text(&r.campaign);
	CHECK_HAS(claim, "1 schedule was ended after 1000000 steps (--max-steps N allows more");
	free(claim);
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
