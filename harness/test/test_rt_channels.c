// What order connected descriptors make, and what closing one does to a thread that reads.
#include "test/rt_use.h"

static void what_was_written_is_ordered_before_what_follows_the_read(void)
{
	use_always("channels", "socket", "exit 0: 7\n", RT_FOUND_NR);
	use_always("channels", "duplicate", "exit 0: 7\n", RT_FOUND_NR);
	use_always("channels", "connection", "exit 0: 7\n", RT_FOUND_NR);
	use_always("channels", "network", "exit 0: 7\n", RT_FOUND_NR);
	use_always("channels", "datagram", "exit 0: 7\n", RT_FOUND_NR);
}

static void each_connected_pair_is_an_object_of_its_own(void)
{
	use_is_found("channels", "another-socket", RT_FOUND_RACE);
	use_is_found("channels", "another-pipe", RT_FOUND_RACE);
	use_is_found("channels", "another-connection", RT_FOUND_RACE);
	use_is_found("channels", "another-network-connection", RT_FOUND_RACE);
}

// In every schedule, whoever comes first.
static void a_race_across_pairs_shows_in_each_schedule(void)
{
	struct explored e;

	explored_start(&e, "channels", "another-socket");
	for (uint64_t seed = 1; seed <= 50; seed++) {
		explored_run(&e, RT_POLICY_RANDOM, seed, 1);
		CHECK_NUMBER(e.warm.shared->result.nr_findings, 1);
	}
	explored_end(&e);
}

static void each_direction_has_an_order_of_its_own(void)
{
	use_is_found("channels", "other-direction", RT_FOUND_RACE);
}

// As on Linux: read() holds what the number stood for.
static void closing_does_not_wake_a_reader(void)
{
	struct rt_finding found = use_found("channels", "close-while-reading", RT_FOUND_STUCK);

	CHECK_NUMBER(found.sites[1].object_type, RT_FD);
	use_comes_to("channels", "close-while-reading", "stuck: ");
	use_comes_to("channels", "open-again-while-reading", "exit 0: read 1\n");
}

void suite_rt_channels(void)
{
	static const struct test_case cases[] = {
		{ "what was written is ordered before what follows the read",
		  what_was_written_is_ordered_before_what_follows_the_read },
		{ "each connected pair is an object of its own",
		  each_connected_pair_is_an_object_of_its_own },
		{ "a race across pairs shows in each schedule",
		  a_race_across_pairs_shows_in_each_schedule },
		{ "each direction has an order of its own",
		  each_direction_has_an_order_of_its_own },
		{ "closing does not wake a reader", closing_does_not_wake_a_reader },
	};

	test_suite("rt_channels", cases, ARRAY_SIZE(cases));
}
