// How a request for schedules is split into campaigns, and which CPUs these get.
#include "base/mem.h"
#include "run/cpus.h"
#include "session/parts.h"
#include "test/support.h"

static void the_parts_are_the_whole(void)
{
	static const uint64_t requests[] = { 1,    99,   249,   250,    499,    500,
					     1000, 1001, 10000, 123457, 1000000 };

	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		unsigned parts = parts_of(requests[i], NULL);
		uint64_t sum = 0, second = 0;

		for (unsigned nth = 0; nth < parts; nth++) {
			uint64_t share = part_share(requests[i], parts, nth);

			CU_ASSERT(share == requests[i] / parts || share == requests[i] / parts + 1);
			sum += share;
			second += part_share(requests[i], parts, parts + nth);
		}
		CHECK_NUMBER(sum, requests[i]);
		CHECK_NUMBER(second, requests[i]);
	}
}

static void small_requests_stay_whole(void)
{
	CHECK_NUMBER(parts_of(1, NULL), 1);
	CHECK_NUMBER(parts_of(PART_LEAST, NULL), 1);
	CHECK_NUMBER(parts_of((uint64_t)2 * PART_LEAST - 1, "pct"), 1);
	CHECK_NUMBER(parts_of((uint64_t)2 * PART_LEAST, "pct"), 2);
	CHECK_NUMBER(parts_of(1000, NULL), 4);
	CHECK_NUMBER(parts_of(1000000000, NULL), PARTS_MOST);
}

static void depth_first_search_is_one_campaign(void)
{
	CHECK_NUMBER(parts_of(1000000, "dfs"), 1);
}

static void runs_at_the_same_time_share_no_cpu_while_there_are_enough(void)
{
	struct cpus cpus = { .allowed = 0x8000000000000016 }; // 1, 2, 4 and 63
	uint64_t seen = 0, first;

	for (int i = 0; i < 4; i++) {
		uint64_t mask = cpus_take(&cpus);

		CHECK_NUMBER(__builtin_popcountll(mask), 1);
		CU_ASSERT_FALSE(seen & mask);
		seen |= mask;
	}
	CHECK_NUMBER(seen, cpus.allowed);
	first = cpus_take(&cpus); // two on one now
	CHECK_NUMBER(first, 2);
	cpus_give(&cpus, 16);
	CHECK_NUMBER(cpus_take(&cpus), 16);
	cpus_give(&cpus, first);
	cpus_give(&cpus, first);
	CHECK_NUMBER(cpus_take(&cpus), first);
}

static void without_a_choice_nothing_is_pinned(void)
{
	struct cpus cpus = { 0 };

	CHECK_NUMBER(cpus_take(&cpus), 0);
	cpus_give(&cpus, 0);
	CHECK_NUMBER(cpus_take(&cpus), 0);
}

static void what_this_process_may_use_is_known(void)
{
	struct cpus cpus;
	uint64_t mask;

	cpus_init(&cpus);
	mask = cpus_take(&cpus);
	CU_ASSERT(mask && (mask & cpus.allowed));
}

// The search would be the same in each part.
static void one_part_of_a_round_searches_for_all(void)
{
	for (uint64_t nth = 0; nth < 8; nth++)
		CHECK_NUMBER(part_search(1000, 4, nth), nth % 4 ? 0 : 100);
	CHECK_NUMBER(part_search(9, 1, 0), 0);
}

void suite_parts(void)
{
	static const struct test_case cases[] = {
		{ "the parts are the whole", the_parts_are_the_whole },
		{ "small requests stay whole", small_requests_stay_whole },
		{ "depth-first search is one campaign", depth_first_search_is_one_campaign },
		{ "runs at the same time share no CPU while there are enough",
		  runs_at_the_same_time_share_no_cpu_while_there_are_enough },
		{ "without a choice nothing is pinned", without_a_choice_nothing_is_pinned },
		{ "what this process may use is known", what_this_process_may_use_is_known },
		{ "one part of a round searches for all", one_part_of_a_round_searches_for_all },
	};

	test_suite("parts", cases, ARRAY_SIZE(cases));
}
