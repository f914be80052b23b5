// What an exploration is worth: counts that add up, and the words for them.
#include "model/guarantee.h"

#include "base/mem.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static void says(const struct claim *claim, const char *expected)
{
	char *words = claim_words(claim);

	CHECK_TEXT(words, expected);
	free(words);
}

/*
 * 3/300 = 0.01. PCT with n 2, k 10: depth 1 is hit with 1/2, 20 times missed with
 * 2^-20 = 9.5e-07; depth 2 with 1/20, 20 times missed with 0.95^20 = 0.36; depth 3
 * with 1/200, twice missed with 0.990025, which is worth no words.
 */
static void each_policy_has_its_words(void)
{
	const struct claim nothing = { 0 },
			   cut = { .long_ones = { 2, 1000 }, .slow_ones = { 1, 10 } },
			   random = { .random = { .iterations = 300, .steps = 9, .threads = 2 } },
			   few = { .pct = { [3] = { 2, 10, 2 }, [4] = { 5, 10, 2 } } };
	struct claim all = {
		.pos = { .iterations = 30, .steps = 9, .threads = 2 },
		.pct = { [1] = { 20, 10, 2 }, [2] = { 20, 10, 2 }, [3] = { 2, 10, 2 } },
		.search = xstrdup("depth-first search: complete")
	};

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
	claim_release(&all);
	says(&all, "");
}

static void campaigns_add_up(void)
{
	struct claim sum = { 0 }, one = { .random = { 10, 5, 2 }, .pct = { [16] = { 1, 7, 3 } } },
		     two = { .random = { 20, 4, 3 },
			     .slow_ones = { 1, 10 },
			     .search = xstrdup("a") },
		     other = { .search = xstrdup("b") };

	claim_add(&sum, &one);
	claim_add(&sum, &two);
	CHECK_NUMBER(sum.random.iterations, 30);
	CHECK_NUMBER(sum.random.steps, 5);
	CHECK_NUMBER(sum.random.threads, 3);
	CHECK_NUMBER(sum.pct[16].iterations, 1);
	CHECK_TEXT(sum.search, "a");
	claim_add(&sum, &two);
	CHECK_TEXT(sum.search, "a");
	claim_add(&sum, &other);
	CHECK_NUMBER(sum.slow_ones.schedules, 2);
	CHECK_NUMBER(sum.slow_ones.limit, 10);
	CHECK_TEXT(sum.search, "a; b");
	claim_release(&sum);
	claim_release(&two);
	claim_release(&other);
}

static void json_and_back(void)
{
	struct claim claim = { .random = { 1, 2, 3 },
			       .pos = { 4, 5, 6 },
			       .pct = { [1] = { 7, 8, 9 }, [16] = { 10, 11, 12 } },
			       .long_ones = { 13, 14 },
			       .slow_ones = { 15, 16 },
			       .search = xstrdup("all of it") },
		     again;
	json_t *json = claim_to_json(&claim);

	claim_from_json(json, &again);
	CU_ASSERT_FALSE(memcmp(&claim.random, &again.random, sizeof(claim.random)));
	CU_ASSERT_FALSE(memcmp(&claim.pos, &again.pos, sizeof(claim.pos)));
	CU_ASSERT_FALSE(memcmp(claim.pct, again.pct, sizeof(claim.pct)));
	CU_ASSERT_FALSE(memcmp(&claim.long_ones, &again.long_ones, sizeof(claim.long_ones)));
	CU_ASSERT_FALSE(memcmp(&claim.slow_ones, &again.slow_ones, sizeof(claim.slow_ones)));
	CHECK_TEXT(again.search, "all of it");
	json_decref(json);
	claim_release(&claim);
	claim_release(&again);
}

static void other_json_counts_nothing(void)
{
	static const char *const texts[] = {
		"null",
		"[]",
		"\"claim\"",
		"{}",
		"{\"random\":[-1,2,3],\"pos\":[1],\"pct\":5}",
		"{\"random\":\"1\",\"pct\":[[1,2,-3],7],\"search\":1}"
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		json_t *json = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		struct claim claim;

		claim_from_json(json, &claim);
		CHECK_NUMBER(claim.random.iterations, 0);
		CHECK_NUMBER(claim.pct[1].iterations, 0);
		CU_ASSERT_PTR_NULL(claim.search);
		json_decref(json);
		claim_release(&claim);
	}
}

void suite_claim(void)
{
	static const struct test_case cases[] = {
		{ "each policy has its words", each_policy_has_its_words },
		{ "campaigns add up", campaigns_add_up },
		{ "JSON and back", json_and_back },
		{ "other JSON counts nothing", other_json_counts_nothing },
	};

	test_suite("claim", cases, ARRAY_SIZE(cases));
}
