// The point of no return: where it must be, where there is none, and what it rests on.
#include "explore/replay.h"
#include "test/campaigned.h"

static void find(struct run *run, const char *name, const char *arg)
{
	run_with(run, name, arg, (struct campaign_options){ .iterations = 450, .seed = 3 });
}

// When each of the two has its first lock, neither can get its second.
static void a_deadlock_is_sure_when_both_have_their_first_lock(void)
{
	const struct rt_shared *shared;
	struct no_return n;
	unsigned locks = 0, holders = 0;
	struct replay replay;
	struct err err = ERR_INIT;
	struct run f;

	find(&f, "abba", NULL);
	n = schedule_of_finding(&f, KIND_DEADLOCK)->no_return;
	CHECK_NUMBER(n.tried, 60);
	CHECK_NUMBER(schedule_of(&f, "[hang]")->no_return.tried, 60);
	CHECK_NUMBER(replay_run(&replay, schedule_of_finding(&f, KIND_DEADLOCK), f.argv, &err), 0);
	shared = replay.running.warm.shared;
	for (uint32_t i = 0; i < shared->result.nr_events; i++) {
		const struct rt_event *e = &shared->events[i];

		if (e->op != RT_OP_LOCK || e->step > n.step)
			continue;
		locks++;
		holders |= 1U << e->thread;
		CU_ASSERT(locks < 2 || e->step == n.step);
	}
	CHECK_NUMBER(locks, 2);
	CHECK_NUMBER(holders, 1U << 1 | 1U << 2);
	replay_release(&replay);
	run_end(&f);
}

// One thread alone decides it: with the write of what it had read before.
static void a_lost_update_is_sure_before_its_end(void)
{
	const struct schedule *s;
	struct run f;

	find(&f, "balance", "1");
	s = schedule_of(&f, "balance 1");
	CHECK_NUMBER(s->no_return.tried, 60);
	CU_ASSERT(s->no_return.step > 0);
	// A race is there whatever comes.
	CHECK_NUMBER(schedule_of_finding(&f, KIND_DATA_RACE)->no_return.tried, 0);
	run_end(&f);
}

static void what_every_schedule_shows_has_none(void)
{
	struct run f;

	find(&f, "crowd", "3");
	CHECK_NUMBER(schedule_of(&f, "done")->no_return.tried, 0);
	run_end(&f);
}

static const struct rt_result *follow(struct run *f, struct request *request,
				      enum rt_policy_id then, uint64_t seed)
{
	struct warm *warm = &f->campaign.running.warm;
	struct err err = ERR_INIT;

	request->rt.policy = RT_POLICY_PREFIX;
	request->rt.then = then;
	request->rt.seed = seed;
	CHECK_NUMBER(warm_request(warm, request, &err), 0);
	return &warm->shared->result;
}

/*
 * The prefix is followed to its end, then the other policy decides: to the whole
 * schedule nothing is added; of one half there are several continuations among 64
 * random ones, all with the same beginning.
 */
static void a_prefix_is_followed_and_then_another_decides(void)
{
	enum { SEEDS = 64 };
	struct rt_shared *shared;
	struct request request;
	const struct schedule *s;
	uint64_t first = 0;
	unsigned others = 0;
	struct run f;

	find(&f, "balance", "2");
	shared = f.campaign.running.warm.shared;
	s = schedule_of(&f, "balance 1");
	request = running_replay(&f.campaign.running, s);
	CU_ASSERT(follow(&f, &request, RT_POLICY_RANDOM, 1)->event_hash == s->event_hash);
	CHECK_NUMBER(shared->result.prefix_end, 0);
	request.rt.nr_schedule_in /= 2;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		const struct rt_result *r =
			follow(&f, &request, seed % 2 ? RT_POLICY_RANDOM : RT_POLICY_POS, seed);

		CU_ASSERT(r->prefix_end > 0 && r->prefix_end < r->steps);
		CU_ASSERT(!memcmp(shared->schedule_out, s->entries,
				  (request.rt.nr_schedule_in - 1) * sizeof(*s->entries)));
		if (seed == 1)
			first = r->event_hash;
		others += r->event_hash != first;
	}
	CU_ASSERT(others > 0);
	run_end(&f);
}

void suite_no_return(void)
{
	static const struct test_case cases[] = {
		{ "a deadlock is sure when both have their first lock",
		  a_deadlock_is_sure_when_both_have_their_first_lock },
		{ "a lost update is sure before its end", a_lost_update_is_sure_before_its_end },
		{ "what every schedule shows has none", what_every_schedule_shows_has_none },
		{ "a prefix is followed, and then another decides",
		  a_prefix_is_followed_and_then_another_decides },
	};

	test_suite("no_return", cases, ARRAY_SIZE(cases));
}
