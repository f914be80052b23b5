/*
 * The policies against what their papers prove. All seeds are fixed: the same
 * every time; where a number of iterations rests on chance it is worked out how
 * unlikely it is that a correct policy fails with another seed.
 */
#include "test/explored.h"

#include <stdlib.h>
#include <string.h>

// One iteration with the request as it is.
static const struct rt_result *once(struct explored *e, enum rt_policy_id policy, uint64_t seed)
{
	struct rt_request *request = &e->request.rt;
	struct err err = ERR_INIT;

	request->policy = policy;
	request->iterations = 1;
	request->uncounted = true;
	request->seed = seed;
	CHECK_NUMBER(warm_request(&e->warm, &e->request, &err), 0);
	CHECK_TEXT(err.text, "");
	return &e->warm.shared->result;
}

static bool printed(const struct explored *e, const char *text)
{
	struct strbuf out = STRBUF_INIT;
	bool same;

	warm_output(e->warm.out, 4096, &out);
	same = out.len && !strcmp(out.buf, text);
	strbuf_release(&out);
	return same;
}

// Iterations of PCT that lose an update of balance 1.
static unsigned lost(struct explored *e, uint32_t depth, uint64_t steps, unsigned iterations)
{
	unsigned hits = 0;

	e->request.rt.depth = depth;
	e->request.rt.steps = steps;
	for (unsigned i = 0; i < iterations; i++) {
		once(e, RT_POLICY_PCT, i);
		hits += !printed(e, "balance 0\n");
	}
	return hits;
}

/*
 * A lost update is a bug of depth 2: one thread reads before the other writes,
 * which writes before the first does. n = 3 threads (main is one), k <= 25 steps:
 * one iteration hits it with probability p >= 1/(n k) = 1/75. Of 3000 iterations
 * 40 are expected to, at least. By Chernoff's bound P(X <= (1 - a) 40) <=
 * exp(-40 (a + (1 - a) ln(1 - a))): for X <= 10, a = 0.75, that is exp(-16.1) =
 * 1.0e-7.
 */
static void pct_hits_depth_2_at_its_rate(void)
{
	enum { THREADS = 3, STEPS = 25, ITERATIONS = 3000, AT_LEAST = 11 };
	struct explored e;
	uint64_t most = 0;

	explored_start(&e, "balance", "1");
	for (uint64_t seed = 1; seed <= 50; seed++) {
		const struct rt_result *r = once(&e, RT_POLICY_RANDOM, seed);

		most = r->steps > most ? r->steps : most;
		CHECK_NUMBER(r->threads, THREADS);
	}
	CHECK_AT("k", most <= STEPS);
	CHECK_AT("hits of depth 2", lost(&e, 2, STEPS, ITERATIONS) >= AT_LEAST);
	explored_end(&e);
}

/*
 * Without a change of priorities a thread that began is never stopped by one
 * that is older, so that no update is lost; with one change nobody can come
 * between two others' steps twice.
 */
static void pct_hits_nothing_deeper_than_asked_for(void)
{
	struct explored e;

	explored_start(&e, "balance", "1");
	CHECK_NUMBER(lost(&e, 1, 25, 300), 0);
	explored_end(&e);
	explored_start(&e, "twice", NULL);
	e.request.rt.depth = 2;
	for (uint64_t seed = 1; seed <= 500; seed++) {
		once(&e, RT_POLICY_PCT, seed);
		CU_ASSERT_TRUE(printed(&e, "not seen\n"));
	}
	explored_end(&e);
}

/*
 * Every order that a sequentially consistent machine can show, and no other. The
 * rarest has at least one iteration in 20: 600 miss it with 0.95^600 = 4e-14.
 */
static void random_walk_and_pos_show_every_order(void)
{
	static const enum rt_policy_id policies[] = { RT_POLICY_RANDOM, RT_POLICY_POS };
	static const char *const logs[] = { "abc", "acb", "bac", "bca", "cab", "cba" };
	static const char *const buffers[] = { "0 1", "1 0", "1 1" };

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		struct explored e;

		explored_start(&e, "orders", "buffer");
		explored_run(&e, policies[i], 1, 600);
		CHECK_NUMBER(e.nr_outcomes, ARRAY_SIZE(buffers));
		for (size_t k = 0; k < ARRAY_SIZE(buffers); k++) {
			char *text = xasprintf("exit 0: %s\n", buffers[k]);

			CHECK_AT(explored_words(&e), explored_outcome(&e, text) >= 5);
			free(text);
		}
		CHECK_NUMBER(e.nr_findings, 0);
		explored_end(&e);
		explored_start(&e, "orders", "log");
		explored_run(&e, policies[i], 1, 600);
		CHECK_NUMBER(e.nr_outcomes, ARRAY_SIZE(logs));
		for (size_t k = 0; k < ARRAY_SIZE(logs); k++) {
			char *text = xasprintf("exit 0: %s\n", logs[k]);

			CHECK_AT(explored_words(&e), explored_outcome(&e, text) >= 5);
			free(text);
		}
		explored_end(&e);
	}
}

/*
 * Priorities alone decide at depth 1. Of the 24 orders of the priorities of main
 * and three threads two each let them sign as "bac", "cab" and "cba", the fewest:
 * 200 iterations miss one of these with 3 * (11/12)^200 = 8.3e-8.
 */
static void pct_runs_threads_in_every_order(void)
{
	struct explored e;

	explored_start(&e, "orders", "log");
	e.request.rt.depth = 1;
	e.request.rt.early_timeouts = false;
	explored_run(&e, RT_POLICY_PCT, 1, 200);
	CHECK_NUMBER(e.nr_outcomes, 6);
	explored_end(&e);
}

/*
 * What has to be preempted twice has depth 3: with n = 3 threads and k <= 17 steps
 * an iteration shows it with probability p >= 1/(n k^2) = 1/867. All of 12,200 miss
 * it with exp(-12200/867) = 7.8e-7.
 */
static void pct_hits_depth_3_at_its_rate(void)
{
	enum { STEPS = 17, ITERATIONS = 12200 };
	struct explored e;
	unsigned i = 0;

	explored_start(&e, "twice", NULL);
	CHECK_AT("k", once(&e, RT_POLICY_RANDOM, 1)->steps <= STEPS);
	e.request.rt.depth = 3;
	e.request.rt.steps = STEPS;
	do
		once(&e, RT_POLICY_PCT, i);
	while (!printed(&e, "seen\n") && ++i < ITERATIONS);
	CHECK_AT("seen", i < ITERATIONS);
	explored_end(&e);
}

/*
 * One thread looks at what another counts up to 10; each new count conflicts with
 * the look, which therefore gets a new priority: it comes last with probability
 * 1/3 * 2^-9, in 0.4 of 600 iterations (more than 15 of them: 1e-20). With one
 * priority for all that time it would with 1/12, in 50 (at most 15 of them: by
 * Chernoff's bound exp(-17)).
 */
static void pos_draws_anew_for_what_conflicts(void)
{
	struct explored e;

	explored_start(&e, "orders", "late");
	explored_run(&e, RT_POLICY_POS, 1, 600);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 10\n") <= 15);
	CHECK_AT(explored_words(&e), explored_outcome(&e, "exit 0: 1\n") > 0);
	explored_end(&e);
}

// Hits of a policy over seeds: their variance, in units of a binomial's with the same mean.
static double variance_ratio(enum rt_policy_id policy)
{
	enum { SEEDS = 500, SCHEDULES = 80 };
	double sum = 0, squares = 0, mean;
	struct explored e;

	explored_start(&e, "balance", "3");
	e.request.rt.depth = 3;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		uint64_t before = explored_outcome(&e, "exit 0: balance 0\n");
		double hits;

		e.request.rt.steps = 40;
		explored_run(&e, policy, seed, SCHEDULES);
		hits = SCHEDULES - (double)(explored_outcome(&e, "exit 0: balance 0\n") - before);
		sum += hits;
		squares += hits * hits;
	}
	explored_end(&e);
	mean = sum / SEEDS;
	CHECK_AT("neither rare nor common", mean > SCHEDULES * 0.05 && mean < SCHEDULES * 0.95);
	return (squares - sum * mean) / (SEEDS - 1) / (mean * (1 - mean / SCHEDULES));
}

/*
 * What every interval and every "one in a million" here rests on: the schedules of a campaign
 * are independent samples, and so are those of another seed. Then the hits of a campaign are
 * binomial, and the ratio of variances over 500 seeds, times 499, is nearly chi-square of 499
 * degrees of freedom. By Wilson and Hilferty its cube root is normal with mean 0.99955 and
 * deviation 0.0211: the ratio is below 0.7 with 6.1e-8 (5.29 deviations), above 1.4 with 8e-9
 * (5.65), for three policies together with 2.1e-7. Where the streams were one stream shifted by
 * one number, a random walk had 3.9 and POS 1.6 here; PCT, which draws little, 1.0.
 */
static void hits_of_each_policy_vary_like_independent_samples(void)
{
#define ROW(id, name, title, use, least, most, slots, description) { RT_POLICY_##id, #name, use },
	static const struct {
		enum rt_policy_id id;
		const char *name;
		enum rt_policy_use use;
	} policies[] = { RT_POLICY_TABLE(ROW) };
#undef ROW
	unsigned sampling = 0;

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++) {
		double ratio;
		char *where;

		if (policies[i].use != RT_SAMPLES)
			continue;
		ratio = variance_ratio(policies[i].id);
		where = xasprintf("%s %g", policies[i].name, ratio);
		CHECK_AT(where, ratio > 0.7 && ratio < 1.4);
		free(where);
		sampling++;
	}
	CHECK_NUMBER(sampling, 3);
}

// No two beginnings are near each other on the way of the generator, which is a circle of 2^64.
static void the_seeds_of_iterations_lie_apart(void)
{
	enum { CAMPAIGNS = 20, ITERATIONS = 50, STEPS = 64 };
	static uint64_t seeds[CAMPAIGNS * ITERATIONS];
	const uint64_t gamma = UINT64_C(0x9e3779b97f4a7c15);
	unsigned near = 0, nr = 0;
	uint64_t inverse = gamma;

	for (int i = 0; i < 6; i++) // Newton: each step doubles the bits that are right
		inverse *= 2 - gamma * inverse;
	CU_ASSERT(gamma * inverse == 1);
	for (uint64_t campaign = 0; campaign < CAMPAIGNS; campaign++)
		for (uint64_t i = 0; i < ITERATIONS; i++)
			seeds[nr++] = rt_iteration_seed(campaign * (i % 2 ? gamma : 1), i);
	// How many numbers one is ahead of the other: less than 64 for one pair in 2^57.
	for (unsigned i = 0; i < nr; i++)
		for (unsigned k = 0; k < i; k++) {
			uint64_t ahead = (seeds[i] - seeds[k]) * inverse;

			near += ahead < STEPS || -ahead < STEPS;
		}
	CHECK_NUMBER(near, 0);
}

static void round_robin_has_one_schedule_whatever_the_seed(void)
{
	struct explored e;
	uint64_t hashes[5] = { 0 };

	explored_start(&e, "balance", "3");
	for (uint32_t quantum = 1; quantum <= 4; quantum++) {
		const struct rt_result *r;

		e.request.rt.quantum = quantum;
		hashes[quantum] = once(&e, RT_POLICY_ROUND_ROBIN, 1)->event_hash;
		for (uint64_t seed = 2; seed < 50; seed++) {
			r = once(&e, RT_POLICY_ROUND_ROBIN, seed);
			CU_ASSERT(r->event_hash == hashes[quantum]);
		}
	}
	CU_ASSERT(hashes[1] != hashes[4]);
	explored_end(&e);
}

// The first `nr` decisions of a schedule. How many entries they are.
static uint32_t cut(const struct rt_entry *entries, uint32_t nr, struct rt_entry *prefix)
{
	uint32_t i = 0;

	for (; nr; i++) {
		prefix[i] = entries[i];
		if (prefix[i].times > nr)
			prefix[i].times = nr;
		nr -= prefix[i].times;
	}
	return i;
}

// What runs until it blocks, in the order of creation.
static bool is_usual(const struct rt_decision *d)
{
	if (d->choices)
		return d->chosen == 0;
	return d->chosen == (d->preemptible ? d->before : (unsigned)__builtin_ctzll(d->ready));
}

static void search_follows_its_prefix_and_then_never_preempts(void)
{
	struct rt_entry entries[64], followed[64];
	struct rt_decision decisions[256];
	struct rt_shared *shared;
	struct explored e;
	uint32_t nr;

	explored_start(&e, "balance", "1");
	shared = e.warm.shared;
	e.request.rt.early_timeouts = false;
	e.request.rt.decisions = true;
	e.request.schedule_in = followed;
	once(&e, RT_POLICY_DFS, 1);
	CHECK_NUMBER(shared->result.preemptions, 0);
	CU_ASSERT_TRUE(printed(&e, "balance 0\n"));
	for (uint64_t seed = 1; seed <= 8; seed++) {
		once(&e, RT_POLICY_RANDOM, seed);
		nr = shared->result.nr_decisions;
		CU_ASSERT_FATAL(nr <= 256 && shared->result.nr_schedule_out <= 64);
		memcpy(entries, shared->schedule_out,
		       shared->result.nr_schedule_out * sizeof(*entries));
		memcpy(decisions, shared->decisions, nr * sizeof(*decisions));
		for (uint32_t prefix = 0; prefix <= nr; prefix++) {
			e.request.rt.nr_schedule_in = cut(entries, prefix, followed);
			once(&e, RT_POLICY_DFS, 99);
			CHECK_NUMBER(shared->result.ending, RT_END_EXIT);
			CU_ASSERT(shared->result.nr_decisions >= prefix);
			CU_ASSERT(
				!memcmp(shared->decisions, decisions, prefix * sizeof(*decisions)));
			for (uint32_t i = prefix; i < shared->result.nr_decisions; i++)
				CU_ASSERT_TRUE(is_usual(&shared->decisions[i]));
		}
	}
	followed[0] = (struct rt_entry){ 7, 1 };
	e.request.rt.nr_schedule_in = 1;
	once(&e, RT_POLICY_DFS, 1);
	CHECK_NUMBER(shared->result.ending, RT_END_DIVERGED);
	CHECK_NUMBER(shared->result.diverged_at, 0);
	explored_end(&e);
}

// The decision that thread made as its nth, or NULL.
static const struct rt_decision *decision(const struct rt_shared *shared, uint32_t thread,
					  uint32_t nth)
{
	for (uint32_t i = 0; i < shared->result.nr_decisions; i++)
		if (shared->decisions[i].before == thread && shared->decisions[i].nth == nth)
			return &shared->decisions[i];
	return NULL;
}

static void a_deviation_is_taken_where_it_fits_and_skipped_elsewhere(void)
{
	static const struct rt_deviation unfit[] = {
		{ 0, 0, 77 },            // to a thread that never was
		{ 1, 9999, 2 },          // later than it ends
		{ 1, 2, RT_CHOICE | 5 }, // no such choice is made there
		{ 200, 0, 1 },           // of a thread that never was
	};
	struct rt_shared *shared;
	struct explored e;
	uint64_t usual;

	explored_start(&e, "balance", "1");
	shared = e.warm.shared;
	e.request.rt.decisions = true;
	usual = once(&e, RT_POLICY_GUIDED, 1)->event_hash;
	CHECK_NUMBER(shared->result.preemptions, 0);
	CU_ASSERT(once(&e, RT_POLICY_GUIDED, 2)->event_hash == usual);
	for (uint32_t nth = 0; nth < 3; nth++) {
		const struct rt_decision *d;

		e.request.deviations = &(struct rt_deviation){ 1, nth, 2 };
		e.request.rt.nr_deviations = 1;
		once(&e, RT_POLICY_GUIDED, 1);
		CHECK_NUMBER(shared->result.preemptions, 1);
		d = decision(shared, 1, nth);
		CU_ASSERT_PTR_NOT_NULL_FATAL(d);
		CHECK_NUMBER(d->chosen, 2);
		CU_ASSERT_TRUE(d->preemptible);
	}
	for (size_t i = 0; i < ARRAY_SIZE(unfit); i++) {
		e.request.deviations = &unfit[i];
		CU_ASSERT(once(&e, RT_POLICY_GUIDED, 1)->event_hash == usual);
		CHECK_NUMBER(shared->result.ending, RT_END_EXIT);
	}
	e.request.deviations = unfit;
	e.request.rt.nr_deviations = ARRAY_SIZE(unfit);
	CU_ASSERT(once(&e, RT_POLICY_GUIDED, 1)->event_hash == usual);
	explored_end(&e);
}

void suite_policies(void)
{
	static const struct test_case cases[] = {
		{ "PCT hits depth 2 at its rate", pct_hits_depth_2_at_its_rate },
		{ "PCT hits nothing deeper than asked for",
		  pct_hits_nothing_deeper_than_asked_for },
		{ "PCT runs threads in every order", pct_runs_threads_in_every_order },
		{ "PCT hits depth 3 at its rate", pct_hits_depth_3_at_its_rate },
		{ "POS draws anew for what conflicts", pos_draws_anew_for_what_conflicts },
		{ "random walk and POS show every order", random_walk_and_pos_show_every_order },
		{ "hits of each policy vary like independent samples",
		  hits_of_each_policy_vary_like_independent_samples },
		{ "the seeds of iterations lie apart", the_seeds_of_iterations_lie_apart },
		{ "round robin has one schedule whatever the seed",
		  round_robin_has_one_schedule_whatever_the_seed },
		{ "search follows its prefix and then never preempts",
		  search_follows_its_prefix_and_then_never_preempts },
		{ "a deviation is taken where it fits and skipped elsewhere",
		  a_deviation_is_taken_where_it_fits_and_skipped_elsewhere },
	};

	test_suite("policies", cases, ARRAY_SIZE(cases));
}
