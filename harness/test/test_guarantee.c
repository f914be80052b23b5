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

/*
 * 3/300 = 0.01. PCT with n 2, k 10: depth 1 is hit with 1/2, 20 times missed with
 * 2^-20 = 9.5e-07; depth 2 with 1/20, 20 times missed with 0.95^20 = 0.36; depth 3
 * with 1/200, twice missed with 0.990025, which is worth no words.
 */
static void each_policy_has_its_words(void)
{
	const struct guarantee nothing = { 0 },
			       cut = { .long_ones = { 2, 1000 }, .slow_ones = { 1, 10 } },
			       random = { .random = { .iterations = 300,
						      .steps = 9,
						      .threads = 2 } },
			       few = { .pct = { [3] = { 2, 10, 2 }, [4] = { 5, 10, 2 } } };
	struct guarantee all = {
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
	guarantee_release(&all);
	says(&all, "");
}

static void campaigns_add_up(void)
{
	struct guarantee sum = { 0 },
			 one = { .random = { 10, 5, 2 }, .pct = { [16] = { 1, 7, 3 } } },
			 two = { .random = { 20, 4, 3 },
				 .slow_ones = { 1, 10 },
				 .search = xstrdup("a") },
			 other = { .search = xstrdup("b") };

	guarantee_add(&sum, &one);
	guarantee_add(&sum, &two);
	CHECK_NUMBER(sum.random.iterations, 30);
	CHECK_NUMBER(sum.random.steps, 5);
	CHECK_NUMBER(sum.random.threads, 3);
	CHECK_NUMBER(sum.pct[16].iterations, 1);
	CHECK_TEXT(sum.search, "a");
	guarantee_add(&sum, &two);
	CHECK_TEXT(sum.search, "a");
	guarantee_add(&sum, &other);
	CHECK_NUMBER(sum.slow_ones.schedules, 2);
	CHECK_NUMBER(sum.slow_ones.limit, 10);
	CHECK_TEXT(sum.search, "a; b");
	guarantee_release(&sum);
	guarantee_release(&two);
	guarantee_release(&other);
}

static void json_and_back(void)
{
	struct guarantee guarantee = { .random = { 1, 2, 3 },
				       .pos = { 4, 5, 6 },
				       .pct = { [1] = { 7, 8, 9 }, [16] = { 10, 11, 12 } },
				       .long_ones = { 13, 14 },
				       .slow_ones = { 15, 16 },
				       .search = xstrdup("all of it") },
			 again;
	json_t *json = guarantee_to_json(&guarantee);

	guarantee_from_json(json, &again);
	CU_ASSERT_FALSE(memcmp(&guarantee.random, &again.random, sizeof(guarantee.random)));
	CU_ASSERT_FALSE(memcmp(&guarantee.pos, &again.pos, sizeof(guarantee.pos)));
	CU_ASSERT_FALSE(memcmp(guarantee.pct, again.pct, sizeof(guarantee.pct)));
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
		"{\"random\":[-1,2,3],\"pos\":[1],\"pct\":5}",
		"{\"random\":\"1\",\"pct\":[[1,2,-3],7],\"search\":1}"
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		json_t *json = json_loads(texts[i], JSON_DECODE_ANY, NULL);
		struct guarantee guarantee;

		guarantee_from_json(json, &guarantee);
		CHECK_NUMBER(guarantee.random.iterations, 0);
		CHECK_NUMBER(guarantee.pct[1].iterations, 0);
		CU_ASSERT_PTR_NULL(guarantee.search);
		json_decref(json);
		guarantee_release(&guarantee);
	}
}

void suite_guarantee(void)
{
	static const struct test_case cases[] = {
		{ "each policy has its words", each_policy_has_its_words },
		{ "campaigns add up", campaigns_add_up },
		{ "JSON and back", json_and_back },
		{ "other JSON counts nothing", other_json_counts_nothing },
	};

	test_suite("guarantee", cases, ARRAY_SIZE(cases));
}
