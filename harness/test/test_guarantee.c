// What an exploration is worth: counts that add up, and the words for them.
#include "model/guarantee.h"

#include "base/mem.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static void says(const struct guarantee *guarantee, const char *expected)
{
	char *words = guarantee_text(guarantee);

	CHECK_TEXT(words, expected);
	free(words);
}

static void used(struct guarantee *guarantee, const char *policy, unsigned depth,
		 uint64_t iterations, uint64_t steps, uint64_t threads)
{
	struct policy_stats *stats = guarantee_stats(guarantee, policy, depth);

	policy_stats_draw(stats, steps, iterations);
	stats->threads = threads;
}

/*
 * 3/300 = 0.01. PCT with n 2, k 10: depth 1 is hit with 1/2, 20 times missed with
 * 2^-20 = 9.5e-07; depth 2 with 1/20, 20 times missed with 0.95^20 = 0.36; depth 3
 * with 1/200, twice missed with 0.990025, which is worth no words.
 */
static void each_policy_has_its_words(void)
{
	const struct guarantee nothing = { 0 },
			       cut = { .long_ones = { 2, 1000 }, .slow_ones = { 1, 10 } };
	struct guarantee random = { 0 }, few = { 0 },
			 all = { .search = xstrdup("depth-first search: complete") };

	used(&random, "random walk", 0, 300, 9, 2);
	used(&few, "PCT", 4, 5, 10, 2);
	used(&few, "PCT", 3, 2, 10, 2);
	used(&all, "PCT", 3, 2, 10, 2);
	used(&all, "PCT", 1, 20, 10, 2);
	used(&all, "PCT", 2, 20, 10, 2);
	used(&all, "POS", 0, 30, 9, 2);
	says(&nothing, "");
	says(&cut, "2 schedules were ended after 1000 steps (--max-steps N allows more, --scale N "
		   "needs fewer); 1 schedule was ended after 10 s (it waits or loops where nothing "
		   "is controlled)");
	says(&random, "300 schedules of random walk: what they did not show has a rate below "
		      "0.01 there (95 %)");
	says(&few, "7 of PCT are too few to bound bugs of depth 3 or more");
	says(&all, "depth-first search: complete; 30 schedules of POS: what they did not show has "
		   "a rate below 0.1 there (95 %); 20 of PCT, n 2, k 10: a bug of depth 1 is "
		   "missed with probability at most 9.5e-07; 20 of PCT, n 2, k 10: a bug of depth "
		   "2 is missed with probability at most 0.36; 2 of PCT are too few to bound bugs "
		   "of depth 3 or more");
	guarantee_release(&random);
	guarantee_release(&few);
	guarantee_release(&all);
	says(&all, "");
}

static void any_policy_has_them(void)
{
	struct guarantee guarantee = { 0 };

	used(&guarantee, "coin", 0, 3, 10, 2);
	used(&guarantee, "dice", 1, 20, 10, 2);
	used(&guarantee, "dice", 3, 2, 10, 2);
	used(&guarantee, "PCT", 3, 1, 10, 2);
	used(&guarantee, "dice", 4, 5, 10, 2);
	used(&guarantee, "unused", 0, 0, 10, 2);
	says(&guarantee, "3 schedules of coin: what they did not show has a rate below 1 there "
			 "(95 %); 20 of dice, n 2, k 10: a bug of depth 1 is missed with "
			 "probability at most 9.5e-07; 7 of dice are too few to bound bugs of "
			 "depth 3 or more; 1 of PCT are too few to bound bugs of depth 3 or more");
	guarantee_release(&guarantee);
}

static void campaigns_add_up(void)
{
	struct guarantee sum = { 0 }, one = { 0 },
			 two = { .slow_ones = { 1, 10 }, .search = xstrdup("a") },
			 other = { .search = xstrdup("b") };

	used(&one, "random walk", 0, 10, 5, 2);
	used(&one, "PCT", 16, 1, 7, 3);
	used(&two, "random walk", 0, 20, 4, 3);
	guarantee_add(&sum, &one);
	guarantee_add(&sum, &two);
	CHECK_NUMBER(guarantee_stats(&sum, "random walk", 0)->iterations, 30);
	CHECK_NUMBER(guarantee_stats(&sum, "random walk", 0)->steps, 5);
	CHECK_NUMBER(guarantee_stats(&sum, "random walk", 0)->threads, 3);
	CHECK_NUMBER(guarantee_stats(&sum, "PCT", 16)->iterations, 1);
	CHECK_NUMBER(sum.policies.nr, 2);
	CHECK_TEXT(sum.search, "a");
	guarantee_add(&sum, &two);
	CHECK_TEXT(sum.search, "a");
	guarantee_add(&sum, &other);
	CHECK_NUMBER(sum.slow_ones.schedules, 2);
	CHECK_NUMBER(sum.slow_ones.limit, 10);
	CHECK_TEXT(sum.search, "a; b");
	guarantee_release(&sum);
	guarantee_release(&one);
	guarantee_release(&two);
	guarantee_release(&other);
}

/*
 * n 2, k 10: 30 of 50 were drawn with it, 0.95^30 = 0.21; of a bug of depth 1 all 50 count,
 * 2^-50 = 8.9e-16. A campaign whose iterations were shorter drew with a smaller k. Where the
 * last iteration of all is the longest, none of depth 2 was drawn with its k.
 */
static void a_bound_rests_on_samples_that_were_drawn_with_its_k(void)
{
	struct guarantee sum = { 0 }, shorter = { 0 };
	struct policy_stats *two;

	used(&sum, "PCT", 2, 15, 9, 2);
	used(&sum, "PCT", 2, 30, 10, 2);
	used(&shorter, "PCT", 2, 5, 8, 2);
	guarantee_add(&sum, &shorter);
	two = guarantee_stats(&sum, "PCT", 2);
	CHECK_NUMBER(two->drawn, 30);
	says(&sum, "30 of PCT, n 2, k 10: a bug of depth 2 is missed with probability at most "
		   "0.21; 20 more of PCT were drawn with a smaller k and do not count");
	guarantee_add(&shorter, &sum);
	CHECK_NUMBER(guarantee_stats(&shorter, "PCT", 2)->drawn, 30);
	guarantee_release(&shorter);
	two->irregular = 7;
	says(&sum,
	     "30 of PCT, n 2, k 10: a bug of depth 2 is missed with probability at most "
	     "0.21; 20 more of PCT were drawn with a smaller k and do not count; 7 of PCT "
	     "had rests, early time-outs or spurious wake-ups, which are outside its theorem");
	policy_stats_draw(two, 11, 0);
	says(&sum, "50 of PCT are too few to bound bugs of depth 2 or more");
	used(&sum, "PCT", 1, 20, 9, 2);
	used(&sum, "PCT", 1, 30, 10, 2);
	says(&sum, "50 of PCT, n 2, k 10: a bug of depth 1 is missed with probability at most "
		   "8.9e-16; 50 of PCT are too few to bound bugs of depth 2 or more");
	guarantee_release(&sum);
}

// A rate, and how sure it is, is said of samples of one policy alone.
static void only_samples_of_one_policy_have_a_rate(void)
{
	struct guarantee guarantee = { 0 };

	CU_ASSERT_FALSE(guarantee_samples(&guarantee, 0));
	CU_ASSERT_FALSE(guarantee_samples(&guarantee, 5)); // of a search
	used(&guarantee, "POS", 0, 5, 9, 2);
	used(&guarantee, "PCT", 3, 0, 9, 2);
	CU_ASSERT_TRUE(guarantee_samples(&guarantee, 5));
	CU_ASSERT_FALSE(guarantee_samples(&guarantee, 6));
	used(&guarantee, "random walk", 0, 1, 9, 2);
	CU_ASSERT_FALSE(guarantee_samples(&guarantee, 6));
	guarantee_release(&guarantee);
}

static void json_and_back(void)
{
	struct guarantee guarantee = { .long_ones = { 13, 14 },
				       .slow_ones = { 15, 16 },
				       .search = xstrdup("all of it") },
			 again;
	json_t *json;

	used(&guarantee, "random walk", 0, 1, 2, 3);
	used(&guarantee, "PCT", 1, 7, 8, 9);
	used(&guarantee, "PCT", 16, 10, 11, 12);
	used(&guarantee, "PCT", 16, 13, 14, 12);
	guarantee_stats(&guarantee, "PCT", 16)->irregular = 4;
	json = guarantee_to_json(&guarantee);
	guarantee_from_json(json, &again);
	CHECK_NUMBER(again.policies.nr, 3);
	for (size_t i = 0; i < 3 && i < again.policies.nr; i++) {
		const struct policy_stats *was = &guarantee.policies.items[i],
					  *is = &again.policies.items[i];

		CHECK_TEXT(is->policy, was->policy);
		CHECK_NUMBER(is->depth, was->depth);
		CHECK_NUMBER(is->iterations, was->iterations);
		CHECK_NUMBER(is->steps, was->steps);
		CHECK_NUMBER(is->drawn, was->drawn);
		CHECK_NUMBER(is->threads, was->threads);
		CHECK_NUMBER(is->irregular, was->irregular);
	}
	CU_ASSERT_FALSE(
		memcmp(&guarantee.long_ones, &again.long_ones, sizeof(guarantee.long_ones)));
	CU_ASSERT_FALSE(
		memcmp(&guarantee.slow_ones, &again.slow_ones, sizeof(guarantee.slow_ones)));
	CHECK_TEXT(again.search, "all of it");
	json_decref(json);
	guarantee_release(&guarantee);
	guarantee_release(&again);
}

static void other_json_counts_nothing(void)
{
	static const char *const texts[] = {
		"null",
		"[]",
		"\"guarantee\"",
		"{}",
		"{\"policies\":7,\"cut\":5,\"search\":1}",
		"{\"policies\":[7,[],{},{\"iterations\":1,\"steps\":2,\"threads\":3},"
		"{\"policy\":\"POS\",\"iterations\":1,\"steps\":2,\"threads\":-3},"
		"{\"policy\":\"POS\",\"iterations\":1,\"steps\":0,\"threads\":3},"
		"{\"policy\":5,\"iterations\":1,\"steps\":2,\"threads\":3}]}"
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		json_t *json = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		struct guarantee guarantee;

		guarantee_from_json(json, &guarantee);
		CHECK_NUMBER(guarantee.policies.nr, 0);
		CU_ASSERT_PTR_NULL(guarantee.search);
		json_decref(json);
		guarantee_release(&guarantee);
	}
}

void suite_guarantee(void)
{
	static const struct test_case cases[] = {
		{ "each policy has its words", each_policy_has_its_words },
		{ "any policy has them", any_policy_has_them },
		{ "campaigns add up", campaigns_add_up },
		{ "a bound rests on samples that were drawn with its k",
		  a_bound_rests_on_samples_that_were_drawn_with_its_k },
		{ "only samples of one policy have a rate",
		  only_samples_of_one_policy_have_a_rate },
		{ "JSON and back", json_and_back },
		{ "other JSON counts nothing", other_json_counts_nothing },
	};

	test_suite("guarantee", cases, ARRAY_SIZE(cases));
}
