#include "base/mem.h"
#include "judge/stats.h"
#include "test/support.h"

#include <math.h>

// Values of the score interval with z = 1.959964, rounded to six places.
static void wilson_gives_the_known_values(void)
{
	static const struct {
		uint64_t k, n;
		double low, high;
	} rows[] = {
		{ 0, 10, 0, 0.277533 },          { 10, 10, 0.722467, 1 },
		{ 1, 10, 0.017876, 0.404150 },   { 5, 10, 0.236593, 0.763407 },
		{ 1, 1, 0.206549, 1 },           { 0, 1, 0, 0.793451 },
		{ 81, 263, 0.255289, 0.366210 }, { 0, 1000, 0, 0.003827 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct interval interval = stats_wilson(rows[i].k, rows[i].n);

		CU_ASSERT_DOUBLE_EQUAL(interval.low, rows[i].low, 1e-6);
		CU_ASSERT_DOUBLE_EQUAL(interval.high, rows[i].high, 1e-6);
	}
}

static void wilson_of_nothing_is_everything(void)
{
	struct interval interval = stats_wilson(0, 0);

	CU_ASSERT_EQUAL(interval.low, 0);
	CU_ASSERT_EQUAL(interval.high, 1);
}

static void wilson_holds_the_rate_and_stays_between_0_and_1(void)
{
	for (uint64_t n = 1; n < 200; n++)
		for (uint64_t k = 0; k <= n; k++) {
			struct interval interval = stats_wilson(k, n);
			double rate = (double)k / (double)n;

			CU_ASSERT(interval.low >= 0 && interval.high <= 1);
			CU_ASSERT(interval.low <= rate && rate <= interval.high);
		}
}

static void wilson_bears_large_numbers(void)
{
	struct interval interval = stats_wilson(UINT64_C(500000000000), UINT64_C(1000000000000));

	CU_ASSERT_DOUBLE_EQUAL(interval.low, 0.5, 1e-5);
	CU_ASSERT_DOUBLE_EQUAL(interval.high, 0.5, 1e-5);
	CU_ASSERT(interval.low < interval.high);
}

void suite_stats(void)
{
	static const struct test_case cases[] = {
		{ "Wilson gives the known values", wilson_gives_the_known_values },
		{ "Wilson of nothing is everything", wilson_of_nothing_is_everything },
		{ "Wilson holds the rate and stays between 0 and 1",
		  wilson_holds_the_rate_and_stays_between_0_and_1 },
		{ "Wilson bears large numbers", wilson_bears_large_numbers },
	};

	test_suite("stats", cases, ARRAY_SIZE(cases));
}
