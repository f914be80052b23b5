/*
 * Campaigns over small programs: what is found, that it was followed twice, how
 * little is left of its schedule, what the campaign says it is worth.
 */
#include "explore/guarantee.h"
#include "test/campaigned.h"

#include <math.h>

static void run(struct run *run, const char *name, const char *arg, uint64_t seed, uint64_t times)
{
	run_with(run, name, arg, (struct campaign_options){ .seed = seed, .iterations = times });
}

// The outcome was seen, followed again, and its schedule has so many preemptions.
static void shows(const struct run *run, const char *text, unsigned preemptions)
{
	const struct known_outcome *o = outcome(run, text);

	CHECK_AT(text, o != NULL);
	if (!o)
		return;
	CHECK_AT(o->shown.divergence ? o->shown.divergence : text, o->shown.confirmed);
	CHECK_NUMBER(o->shown.preemptions, preemptions);
	CU_ASSERT(o->shown.iteration >= 1 && o->shown.iteration <= run->campaign.known.done);
	CU_ASSERT(campaign_count(&run->campaign, &o->shown) >= 1);
}

static void a_lost_update_takes_one_preemption(void)
{
	const struct known_finding *race;
	uint64_t sum = 0;
	struct run r;

	run(&r, "balance", "1", 1, 450);
	shows(&r, "balance 0", 0);
	shows(&r, "balance 1", 1);
	shows(&r, "balance -1", 1);
	CHECK_NUMBER(r.campaign.known.outcomes.nr, 3);
	for (size_t i = 0; i < r.campaign.known.outcomes.nr; i++)
		sum += campaign_count(&r.campaign, &r.campaign.known.outcomes.items[i].shown);
	CHECK_NUMBER(r.campaign.known.done, 450);
	CHECK_NUMBER(sum, 450); // each schedule counts once, those that confirm do not
	race = finding(&r, KIND_DATA_RACE);
	CU_ASSERT_PTR_NOT_NULL_FATAL(race);
	CU_ASSERT_TRUE(race->shown.confirmed);
	CHECK_NUMBER(race->shown.preemptions, 0); // happens-before shows it in any order
	CHECK_NUMBER(race->finding.accesses.nr, 2);
	CHECK_TEXT(race->finding.location.object, "balance");
	CHECK_HAS(race->shown.schedule.shows, "data-race at balance.c:");
	CHECK_HAS(race->shown.schedule.found_by, "by ");
	run_end(&r);
}

// Two threads of 200 rounds take about 800 steps.
static void iterations_that_end_with_more_steps_may_take_more(void)
{
	static const struct {
		uint64_t may, steps;
	} rows[] = { { 0, 300 }, { 600, 300 }, { 64000, 64000 } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct guarantee guarantee;
		struct run r;

		run_with(&r, "counting", "200",
			 (struct campaign_options){ .seed = 1,
						    .iterations = 20,
						    .max_steps = 300,
						    .may_steps = rows[i].may });
		guarantee = campaign_guarantee(&r.campaign);
		CHECK_NUMBER(r.campaign.running.max_steps, rows[i].steps);
		CHECK_NUMBER(r.campaign.known.done, 20);
		CHECK_NUMBER(guarantee.long_ones.schedules, rows[i].steps == 300 ? 20 : 0);
		guarantee_release(&guarantee);
		run_end(&r);
	}
}

static void a_deadlock_takes_one_preemption(void)
{
	const struct known_finding *stuck;
	struct run r;

	run(&r, "abba", NULL, 1, 450);
	shows(&r, "done", 0);
	shows(&r, "[hang]", 1);
	CHECK_NUMBER(r.campaign.known.findings.nr, 1);
	stuck = finding(&r, KIND_DEADLOCK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(stuck);
	CU_ASSERT_TRUE(stuck->shown.confirmed);
	CHECK_NUMBER(stuck->shown.preemptions, 1);
	CHECK_HAS(stuck->finding.words, "T1 waits for mutex lock_b at abba.c:");
	CHECK_HAS(stuck->finding.words, "which T2 holds (locked at abba.c:");
	CHECK_HAS(stuck->finding.words, "T2 waits for mutex lock_a at abba.c:");
	CHECK_NUMBER(campaign_hits(&r.campaign, &stuck->shown),
		     campaign_count(&r.campaign, &outcome(&r, "[hang]")->shown));
	run_end(&r);
}

static void what_takes_two_preemptions_keeps_two(void)
{
	struct run r;

	run(&r, "twice", NULL, 1, 900);
	shows(&r, "not seen", 0);
	shows(&r, "seen", 2);
	CHECK_NUMBER(r.campaign.known.findings.nr, 0);
	run_end(&r);
}

static void a_guarantee_names_what_it_rests_on(void)
{
	struct run r;
	char *expected;
	double hit;

	run_with(&r, "balance", "1",
		 (struct campaign_options){ .seed = 1,
					    .iterations = 100,
					    .policy = policy_get(RT_POLICY_PCT),
					    .depth = 2 });
	r.guarantee = campaign_guarantee_text(&r.campaign);
	CHECK_NUMBER(r.campaign.known.most_threads, 3);
	CU_ASSERT(r.campaign.known.most_steps > 8);
	hit = 1 / (3.0 * (double)r.campaign.known.most_steps);
	expected = xasprintf("99 of PCT, n 3, k %llu: a bug of depth 2 is missed with "
			     "probability at most %.2g",
			     (unsigned long long)r.campaign.known.most_steps, pow(1 - hit, 99));
	CHECK_TEXT(r.guarantee, expected);
	free(expected);
	run_end(&r);
	run_with(&r, "balance", "1",
		 (struct campaign_options){ .seed = 1,
					    .iterations = 50,
					    .policy = policy_get(RT_POLICY_PCT),
					    .depth = 16 });
	r.guarantee = campaign_guarantee_text(&r.campaign);
	CHECK_TEXT(r.guarantee, "49 of PCT are too few to bound bugs of depth 16 or more");
	run_end(&r);
	run(&r, "balance", "1", 1, 45); // once through all: 2 x random, 3 x POS, PCT 1 to 4
	r.guarantee = campaign_guarantee_text(&r.campaign);
	CHECK_HAS(r.guarantee,
		  "10 schedules of random walk: what they did not show has a rate below "
		  "0.3 there (95 %)");
	CHECK_HAS(r.guarantee, "15 schedules of POS: what they did not show has a rate below 0.2");
	CHECK_HAS(r.guarantee, "; 5 of PCT, n 3, k ");
	CHECK_HAS(r.guarantee, ": a bug of depth 2 is missed with");
	CHECK_HAS(r.guarantee, "; 10 of PCT are too few to bound bugs of depth 3 or more");
	run_end(&r);
}

static void the_same_seed_leaves_the_same_log(void)
{
	static const char *const names[] = { "balance", "abba", "twice" };
	struct run r;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *logs[3];

		for (int k = 0; k < 3; k++) {
			run(&r, names[i], NULL, k < 2 ? 7 : 8, 450);
			logs[k] = log_of(&r);
			run_end(&r);
		}
		CHECK_TEXT(logs[1], logs[0]);
		CHECK_HAS(logs[0], "racegate-schedule 1\n");
		CHECK_HAS(logs[0], "\"end\":{\"iterations\":450,");
		CHECK_AT(names[i], strcmp(logs[0], logs[2]) != 0);
		for (int k = 0; k < 3; k++)
			free(logs[k]);
	}
}

static void any_seed_finds_it(void)
{
	struct run r;

	for (uint64_t seed = 1; seed <= 6; seed++) {
		run(&r, "balance", "1", seed, 200);
		shows(&r, "balance 1", 1);
		shows(&r, "balance -1", 1);
		CU_ASSERT_PTR_NOT_NULL(finding(&r, KIND_DATA_RACE));
		run_end(&r);
		run(&r, "abba", NULL, seed, 200);
		shows(&r, "[hang]", 1);
		CU_ASSERT_PTR_NOT_NULL(finding(&r, KIND_DEADLOCK));
		run_end(&r);
	}
}

/*
 * Two of the kernel's 32-bit random numbers are the same once in 4 billion; two
 * numbers of rounds are what the schedule has once in 65536 squared.
 */
static void nothing_is_believed_of_a_program_with_other_input(void)
{
	static const char *const inputs[] = { "said", "steps" };
	struct run r;

	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++) {
		const struct campaign *c = &r.campaign;

		run(&r, "outside", inputs[i], 1, 5);
		CHECK_AT(inputs[i], c->known.findings.nr > 0 && c->known.outcomes.nr > 0);
		for (size_t k = 0; k < c->known.findings.nr; k++) {
			CU_ASSERT_FALSE(c->known.findings.items[k].shown.confirmed);
			CU_ASSERT_PTR_NOT_NULL(c->known.findings.items[k].shown.divergence);
		}
		for (size_t k = 0; k < c->known.outcomes.nr; k++) {
			CU_ASSERT_FALSE(c->known.outcomes.items[k].shown.confirmed);
			CU_ASSERT_PTR_NOT_NULL(c->known.outcomes.items[k].shown.divergence);
		}
		if (!i)
			CHECK_TEXT(c->known.findings.items[0].shown.divergence,
				   "the same schedule gave another outcome by the same steps");
		else
			CHECK_HAS(c->known.findings.items[0].shown.divergence, " at step ");
		run_end(&r);
	}
}

// Each schedule prints another number: more than the runtime can tell apart.
static void endless_outcomes_are_counted_all_the_same(void)
{
	enum { SCHEDULES = RT_MAX_KNOWN + 50, TRIED = 8 };
	uint64_t sum = 0;
	unsigned kept = 0;
	struct run r;

	run(&r, "outside", "said", 1, SCHEDULES);
	for (size_t i = 0; i < r.campaign.known.outcomes.nr; i++) {
		sum += campaign_count(&r.campaign, &r.campaign.known.outcomes.items[i].shown);
		kept += r.campaign.known.outcomes.items[i].shown.schedule.nr > 0;
	}
	CHECK_NUMBER(r.campaign.known.done, SCHEDULES);
	CHECK_NUMBER(sum, SCHEDULES);
	// That they are not the schedule's is known by then.
	CHECK_NUMBER(kept, TRIED);
	run_end(&r);
}

// Nine deposits of each: far more than eight balances, each with a schedule that shows it.
static void every_outcome_has_a_schedule(void)
{
	const struct campaign *c;
	struct run r;

	run(&r, "balance", "9", 1, 450);
	c = &r.campaign;
	CU_ASSERT(c->known.outcomes.nr > 12);
	for (size_t i = 0; i < c->known.outcomes.nr; i++) {
		CHECK_AT(c->known.outcomes.items[i].text,
			 c->known.outcomes.items[i].shown.schedule.nr > 0);
		CHECK_AT(c->known.outcomes.items[i].text,
			 c->known.outcomes.items[i].shown.confirmed);
	}
	run_end(&r);
}

// Where children take part, unless the number was asked for.
static void a_limited_campaign_has_fewer_schedules_of_processes(void)
{
	struct campaign_options options = { .iterations = 300, .seed = 1 };
	struct run r;

	run_with(&r, "processes", "", options);
	CHECK_NUMBER(r.campaign.known.done, 300);
	run_end(&r);
	options.all_steps = 30000000;
	run_with(&r, "processes", "", options);
	CHECK_NUMBER(r.campaign.known.done, 200);
	run_end(&r);
	run_with(&r, "balance", "1", options);
	CHECK_NUMBER(r.campaign.known.done, 300);
	run_end(&r);
}

static void a_program_that_is_not_there_is_an_error(void)
{
	const char *const argv[] = { "/no/such/program", NULL };
	const struct campaign_options options = { .argv = argv, .target = "x", .iterations = 1 };
	struct err err = ERR_INIT;
	struct campaign c;

	CHECK_NUMBER(campaign_run(&c, &options, &err), -1);
	CHECK_HAS(err.text, "/no/such/program");
	campaign_release(&c);
}

// A program that was not linked with the runtime never answers: it ends.
static void a_program_without_the_runtime_is_an_error(void)
{
	const char *const argv[] = { "/bin/true", NULL };
	const struct campaign_options options = { .argv = argv, .target = "x", .iterations = 1 };
	struct err err = ERR_INIT;
	struct campaign c;

	CHECK_NUMBER(campaign_run(&c, &options, &err), -1);
	CHECK_HAS(err.text, "the explored program");
	campaign_release(&c);
}

// Each schedule that ends with it shows the deadlock, and no other does.
static void a_campaign_counts_its_schedules_and_not_its_findings(void)
{
	struct run run;

	run_with(&run, "abba", NULL,
		 (struct campaign_options){ .seed = 1, .iterations = 300, .as_found = true });
	const struct rt_shared *shared = run.campaign.running.warm.shared;
	const struct known_outcome *hang = outcome(&run, "[hang]");

	CU_ASSERT_PTR_NOT_NULL_FATAL(hang);
	CHECK_NUMBER(shared->found, known_count(shared->outcomes, hang->shown.hash));
	run_end(&run);
}

void suite_campaign(void)
{
	static const struct test_case cases[] = {
		{ "a campaign counts its schedules and not its findings",
		  a_campaign_counts_its_schedules_and_not_its_findings },
		{ "a lost update takes one preemption", a_lost_update_takes_one_preemption },
		{ "iterations that end with more steps may take more",
		  iterations_that_end_with_more_steps_may_take_more },
		{ "a deadlock takes one preemption", a_deadlock_takes_one_preemption },
		{ "what takes two preemptions keeps two", what_takes_two_preemptions_keeps_two },
		{ "a guarantee names what it rests on", a_guarantee_names_what_it_rests_on },
		{ "the same seed leaves the same log", the_same_seed_leaves_the_same_log },
		{ "any seed finds it", any_seed_finds_it },
		{ "nothing is believed of a program with other input",
		  nothing_is_believed_of_a_program_with_other_input },
		{ "every outcome has a schedule", every_outcome_has_a_schedule },
		{ "endless outcomes are counted all the same",
		  endless_outcomes_are_counted_all_the_same },
		{ "a limited campaign has fewer schedules of processes",
		  a_limited_campaign_has_fewer_schedules_of_processes },
		{ "a program that is not there is an error",
		  a_program_that_is_not_there_is_an_error },
		{ "a program without the runtime is an error",
		  a_program_without_the_runtime_is_an_error },
	};

	test_suite("campaign", cases, ARRAY_SIZE(cases));
}
