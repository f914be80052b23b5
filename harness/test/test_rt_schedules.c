/*
 * Which schedule a policy and a seed give, and that it is followed again: whole, up to a
 * point, and where it leaves the usual one. Who noted a seed gets its schedule again.
 */
#include "test/explored.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 512 };

static const struct rt_result *schedule_run(struct explored *e, enum rt_policy_id policy,
					    uint64_t seed)
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

// "0x3 1 w1 early": thread 0 three times, thread 1, the second waiter, a deadline.
static char *schedule_text(const struct rt_shared *shared)
{
	struct strbuf text = STRBUF_INIT;

	for (uint32_t i = 0; i < shared->result.nr_schedule_out; i++) {
		const struct rt_entry *entry = &shared->schedule_out[i];
		const uint32_t value = entry->who & RT_VALUE;

		strbuf_addstr(&text, i ? " " : "");
		if (entry->who < RT_CHOICE)
			strbuf_addf(&text, "%u", entry->who);
		else if (value == RT_VALUE)
			strbuf_addstr(&text, "early");
		else if (value == RT_SPURIOUS)
			strbuf_addstr(&text, "spurious");
		else
			strbuf_addf(&text, "w%u", value);
		if (entry->times > 1)
			strbuf_addf(&text, "x%u", entry->times);
	}
	return strbuf_detach(&text);
}

static const struct {
	enum rt_policy_id policy;
	uint32_t depth; // of round robin the quantum
	const char *program, *use, *schedules[3];
} seeds[] = {
	{ RT_POLICY_ROUND_ROBIN,
	  0,
	  "orders",
	  "log",
	  { "0x4 1x2 0 1 2x2 0 1 3x2 0 1x3 2x2 3 1 2 0x2 2x3 3x2 2 3 0x2 3x4 0x3" } },
	{ RT_POLICY_ROUND_ROBIN,
	  0,
	  "condvar",
	  "stolen",
	  { "0x19 1x2 0 1 0 1 2x2 0 2 0 2 3x2 0 3x3 w0 1x2 3 1x2 3 1x3 0x2" } },
	{ RT_POLICY_ROUND_ROBIN,
	  1,
	  "orders",
	  "log",
	  { "0x4 1x2 0 1 2x2 0 1 3x2 0 1x3 2x2 3 1 2 0x2 2x3 3x2 2 3 0x2 3x4 0x3" } },
	{ RT_POLICY_ROUND_ROBIN,
	  1,
	  "condvar",
	  "stolen",
	  { "0x19 1x2 0 1 0 1 2x2 0 2 0 2 3x2 0 3x3 w0 1x2 3 1x2 3 1x3 0x2" } },
	{ RT_POLICY_ROUND_ROBIN,
	  2,
	  "orders",
	  "log",
	  { "0x4 1x3 0x2 1x2 2x2 3x2 0 1x2 2x3 3 1 2x2 0x2 2x2 3x3 0x2 3x4 0x3" } },
	{ RT_POLICY_ROUND_ROBIN,
	  2,
	  "condvar",
	  "stolen",
	  { "0x20 1x3 0x2 1 2x3 0x2 2 3x5 w0 1x2 3x2 1x5 0x2" } },
	{ RT_POLICY_ROUND_ROBIN,
	  3,
	  "orders",
	  "log",
	  { "0x6 1x4 2x2 3x2 0 1x3 2x4 3 1 2x3 3x4 0x3 3x3 0x3" } },
	{ RT_POLICY_ROUND_ROBIN,
	  3,
	  "condvar",
	  "stolen",
	  { "0x21 1x4 2x4 0x3 3x5 w0 3x2 1x6 0x2" } },
	{ RT_POLICY_PCT,
	  1,
	  "orders",
	  "log",
	  { "0x7 1x8 0x2 3x8 2x8 0x4", "0x7 1x8 0x2 2x8 0x2 3x8 0x3",
	    "0x4 1x8 0x2 3x8 0x2 2x8 0x4" } },
	{ RT_POLICY_PCT,
	  1,
	  "condvar",
	  "stolen",
	  { "0x24 1x4 3x5 1x2 3 1x5 0x2 3 2x4", "0x24 1x4 spurious 1x6 0x2 2x7 0x2 3x7 0x4",
	    "0x19 1x4 0x2 2x4 0x3 3x5 w1 2x2 3 2x5 3" } },
	{ RT_POLICY_PCT,
	  2,
	  "orders",
	  "log",
	  { "0x7 2x6 3x2 1x2 2 3x7 1x7 0x2 2 0x4", "0x6 3x8 0 1x7 2x8 1 0x5",
	    "0x7 2x8 3x8 1x8 0x5" } },
	{ RT_POLICY_PCT,
	  2,
	  "condvar",
	  "stolen",
	  { "0x19 1x4 0x2 2x4 0x2 3x5 w1 3x2 2x6 0", "0x20 1x4 0 2x4 0x2 3x5 w0 3x2 1x6 0x2",
	    "0x24 2x4 spurious 2x3 3x2 1x2 2x2 3x6 1x3 2" } },
	{ RT_POLICY_PCT,
	  4,
	  "orders",
	  "log",
	  { "0x7 3x4 1x2 2x2 3x3 1x7 0x2 2x7 0x2 3 0x3", "0x4 1x8 0 2x6 0 3x2 0x2 2 3x7 2 0x4",
	    "0x7 3x4 1x2 2x2 3x3 1x7 0x2 2x2 3 2x5 0x4" } },
	{ RT_POLICY_PCT,
	  4,
	  "condvar",
	  "stolen",
	  { "0x19 1x4 0x2 2x4 0x2 3x5 w0 3x2 1x6 0x2",
	    "0x19 1x4 0x2 2x4 spurious 2x6 0x2 3x7 1x6 0x6",
	    "0x19 1x4 spurious 1 0x2 2x4 spurious 2x6 0x2 3x7 0 1x5 0x6" } },
	{ RT_POLICY_POS,
	  0,
	  "orders",
	  "log",
	  { "0x6 3x2 0 3x6 2 1x2 2 1x5 2x2 1 0 2x5 0x4",
	    "0x4 1 0x2 2x2 3 2x2 3 1 2x3 3 0 2 1 3x5 1 3 1x6 0x5",
	    "0x5 2 0 3x2 2 1x2 0 3x5 2x3 3 1 2x3 1x7 0x2 2 0x4" } },
	{ RT_POLICY_POS,
	  0,
	  "condvar",
	  "stolen",
	  { "0x19 1x4 0x2 2x4 0x3 3x5 w1 3x2 2x6", "0x19 1x4 0x5 2x4 3x5 w1 2x2 3 2x2 3 2x3",
	    "0x19 1x4 0x3 2 0 3x3 2 3x3 1 3 2 1 0 2x4 1x5 2 0x6" } },
	{ RT_POLICY_GUIDED, 0, "condvar", "stolen", { "0x24 1x4 2x4 3x5 w0 3x2 1x6 0x2" } },
	{ RT_POLICY_RANDOM,
	  0,
	  "orders",
	  "log",
	  { "0x4 1x2 0x3 3x2 1x4 2x2 1x2 3x3 0x2 2 3x4 2x7 0x4", "0x7 1x8 3x5 2x2 3x3 2x7 0x5",
	    "0x5 2 1x8 2x2 0x3 2x2 3x2 2x3 0 3x7 0x3" } },
};

static void a_seed_gives_its_schedule(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(seeds); i++) {
		struct explored e;

		explored_start(&e, seeds[i].program, seeds[i].use);
		e.request.rt.depth = e.request.rt.quantum = seeds[i].depth;
		e.request.rt.steps = 32;
		for (uint64_t seed = 1; seed <= 3 && seeds[i].schedules[seed - 1]; seed++) {
			char *text;

			schedule_run(&e, seeds[i].policy, seed);
			text = schedule_text(e.warm.shared);
			CHECK_TEXT_AT(seeds[i].use, text, seeds[i].schedules[seed - 1]);
			free(text);
		}
		explored_end(&e);
	}
}

static uint32_t take_schedule(const struct rt_shared *shared, struct rt_entry *entries)
{
	uint32_t nr = shared->result.nr_schedule_out;

	CU_ASSERT_FATAL(nr <= MOST);
	memcpy(entries, shared->schedule_out, nr * sizeof(*entries));
	return nr;
}

static void a_schedule_is_followed_with_its_choices(void)
{
	static const char *const uses[] = { "stolen", "timed", "trusting", "too-few-signals" };
	struct rt_entry entries[MOST];

	for (size_t i = 0; i < ARRAY_SIZE(uses); i++) {
		struct explored e;

		explored_start(&e, "condvar", uses[i]);
		e.request.schedule_in = entries;
		for (uint64_t seed = 1; seed <= 40; seed++) {
			uint64_t hash = schedule_run(&e, RT_POLICY_RANDOM, seed)->event_hash;
			uint32_t nr = take_schedule(e.warm.shared, entries);

			e.request.rt.nr_schedule_in = nr;
			CHECK_AT(uses[i],
				 schedule_run(&e, RT_POLICY_REPLAY, 99)->event_hash == hash);
			CHECK_AT(uses[i], schedule_run(&e, RT_POLICY_DFS, 99)->event_hash == hash);
			e.request.rt.then = RT_POLICY_RANDOM;
			CHECK_AT(uses[i],
				 schedule_run(&e, RT_POLICY_PREFIX, 99)->event_hash == hash);
			e.request.rt.nr_schedule_in = nr - 1;
			CHECK_NUMBER(schedule_run(&e, RT_POLICY_REPLAY, 99)->ending,
				     RT_END_DIVERGED);
		}
		explored_end(&e);
	}
}

// The first half stays; what follows is another policy's.
static void another_policy_goes_on_where_a_schedule_ends(void)
{
	static const enum rt_policy_id then[] = { RT_POLICY_RANDOM, RT_POLICY_PCT, RT_POLICY_POS,
						  RT_POLICY_ROUND_ROBIN };
	struct rt_entry entries[MOST];

	for (size_t i = 0; i < ARRAY_SIZE(then); i++) {
		uint64_t hash, others = 0;
		struct explored e;
		uint32_t nr;

		explored_start(&e, "condvar", "stolen");
		hash = schedule_run(&e, RT_POLICY_RANDOM, 5)->event_hash;
		nr = take_schedule(e.warm.shared, entries) / 2;
		e.request.schedule_in = entries;
		e.request.rt.nr_schedule_in = nr;
		e.request.rt.then = then[i];
		for (uint64_t seed = 1; seed <= 20; seed++) {
			const struct rt_result *r = schedule_run(&e, RT_POLICY_PREFIX, seed);

			CHECK_AT("ended", r->ending == RT_END_EXIT || r->ending == RT_END_STUCK);
			CHECK_AT("prefix", r->prefix_end > 0 && r->prefix_end <= r->steps);
			CHECK_AT("prefix", r->nr_schedule_out >= nr - 1 &&
						   !memcmp(e.warm.shared->schedule_out, entries,
							   (nr - 1) * sizeof(*entries)));
			others += r->event_hash != hash;
		}
		CHECK_AT("then", others > 0);
		explored_end(&e);
	}
}

// One decision is replaced by each thing that could be decided instead.
static void what_cannot_be_followed_ends_the_iteration(void)
{
	static const uint32_t unfit[] = {
		3, 4, 77, RT_CHOICE | 0, RT_CHOICE | 5, RT_CHOICE | RT_VALUE
	};
	struct rt_entry entries[MOST];
	struct explored e;
	uint32_t nr, diverged = 0;

	explored_start(&e, "condvar", "signals");
	schedule_run(&e, RT_POLICY_RANDOM, 2);
	nr = take_schedule(e.warm.shared, entries);
	e.request.schedule_in = entries;
	e.request.rt.nr_schedule_in = nr;
	for (uint32_t i = 0; i < nr; i++)
		for (size_t k = 0; k < ARRAY_SIZE(unfit); k++) {
			const struct rt_entry kept = entries[i];
			const struct rt_result *r;

			entries[i].who = unfit[k];
			r = schedule_run(&e, RT_POLICY_REPLAY, 1);
			CHECK_AT("ending", r->ending != RT_END_SIGNAL && r->ending != RT_END_WALL);
			if (r->ending == RT_END_DIVERGED) {
				diverged++;
				CHECK_NUMBER(r->code, 0);
				CHECK_AT("site", r->diverged_at == r->diverged_site.step);
				CHECK_AT("site", r->diverged_at == 0 || r->diverged_site.nr_stack);
			}
			entries[i] = kept;
		}
	CHECK_NUMBER(diverged, 84);
	explored_end(&e);
}

// The usual schedule with this deviation; owned.
static char *deviate(struct explored *e, const struct rt_deviation *deviations, uint32_t nr)
{
	e->request.deviations = deviations;
	e->request.rt.nr_deviations = nr;
	schedule_run(e, RT_POLICY_GUIDED, 1);
	return schedule_text(e->warm.shared);
}

// A choice, a deadline, a wake-up, a thread: at each decision where it fits, and nowhere else.
static void deviations_of_every_sort_are_taken(void)
{
	static const struct {
		const char *use;
		uint32_t who;
		const char *mark; // in the schedule
	} rows[] = {
		{ "stolen", RT_CHOICE | 1, " w1 " },
		{ "stolen", RT_CHOICE | 2, NULL },
		{ "timed", RT_VALUE, " early" },
		{ "trusting", RT_SPURIOUS, " spurious " },
		{ "stolen", 4, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct explored e;
		unsigned taken = 0;
		char *usual;

		explored_start(&e, "condvar", rows[i].use);
		usual = deviate(&e, NULL, 0);
		for (uint32_t thread = 0; thread < 4; thread++)
			for (uint32_t nth = 0; nth < 30; nth++) {
				const struct rt_deviation d = { thread, nth, rows[i].who };
				char *text = deviate(&e, &d, 1);

				if (strcmp(text, usual) != 0) {
					taken++;
					CHECK_HAS(text, rows[i].mark ? rows[i].mark : "nothing");
				}
				free(text);
			}
		CHECK_AT(rows[i].use, (taken > 0) == (rows[i].mark != NULL));
		free(usual);
		explored_end(&e);
	}
}

static void each_thread_has_its_deviations(void)
{
	static const struct rt_deviation both[] = { { 0, 5, 1 }, { 1, 2, 2 } };
	struct explored e;
	char *text;

	explored_start(&e, "orders", "log");
	text = deviate(&e, both, 1);
	CHECK_TEXT(text, "0x5 1x8 0x3 2x8 0x2 3x8 0x3");
	free(text);
	text = deviate(&e, both, 2);
	CHECK_TEXT(text, "0x5 1x3 2x2 0x2 1x5 0x2 2x7 0x2 3x8 0x3");
	free(text);
	explored_end(&e);
}

void suite_rt_schedules(void)
{
	static const struct test_case cases[] = {
		{ "a seed gives its schedule", a_seed_gives_its_schedule },
		{ "a schedule is followed with its choices",
		  a_schedule_is_followed_with_its_choices },
		{ "another policy goes on where a schedule ends",
		  another_policy_goes_on_where_a_schedule_ends },
		{ "deviations of every sort are taken", deviations_of_every_sort_are_taken },
		{ "each thread has its deviations", each_thread_has_its_deviations },
		{ "what cannot be followed ends the iteration",
		  what_cannot_be_followed_ends_the_iteration },
	};

	test_suite("rt_schedules", cases, ARRAY_SIZE(cases));
}
