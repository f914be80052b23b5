// Schedules as text: what is written is read again, and what is wrong is said where it stands.
#include "explore/schedule.h"

#include "base/mem.h"
#include "base/rng.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static const char good[] = "racegate-schedule 1\n"
			   "program 5f1c33d6a5e0b7f2\n"
			   "target shared-state/lock-order/racy\n"
			   "arguments 3 x\n"
			   "threads 8\n"
			   "shows deadlock at racy.c:30, racy.c:41\n"
			   "found by pos, seed 000000000000001f, iteration 12\n"
			   "events 9ae5c0e2ab517a2d\n"
			   "steps\n"
			   "main*14 T1*3 T255*9 choice:1 time spurious*2 main*2\n";

static void each_word_has_its_meaning(void)
{
	static const struct rt_entry expected[] = { { 0, 14 },
						    { 1, 3 },
						    { 255, 9 },
						    { RT_CHOICE | 1, 1 },
						    { RT_CHOICE | RT_VALUE, 1 },
						    { RT_CHOICE | RT_SPURIOUS, 2 },
						    { 0, 2 } };
	struct strbuf again = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct schedule s;

	CHECK_NUMBER(schedule_parse("s.sched", good, &s, &err), 0);
	CHECK_TEXT(err.text, "");
	CHECK_TEXT(s.program, "5f1c33d6a5e0b7f2");
	CHECK_TEXT(s.target, "shared-state/lock-order/racy");
	CHECK_TEXT(s.arguments, "3 x");
	CHECK_TEXT(s.shows, "deadlock at racy.c:30, racy.c:41");
	CHECK_TEXT(s.found_by, "by pos, seed 000000000000001f, iteration 12");
	CHECK_NUMBER(s.threads, 8);
	CU_ASSERT(s.event_hash == 0x9ae5c0e2ab517a2d);
	CHECK_NUMBER(s.nr, ARRAY_SIZE(expected));
	for (size_t i = 0; i < ARRAY_SIZE(expected) && i < s.nr; i++) {
		CHECK_NUMBER(s.entries[i].who, expected[i].who);
		CHECK_NUMBER(s.entries[i].times, expected[i].times);
	}
	schedule_render(&s, &again);
	CHECK_TEXT(again.buf, good);
	strbuf_release(&again);
	schedule_release(&s);
}

static struct rt_entry any_entry(uint64_t *rng)
{
	struct rt_entry entry = { 0, 1 + (uint32_t)(rng_next(rng) % 3) };

	switch (rng_next(rng) % 4) {
	case 0:
		entry.who = (uint32_t)(rng_next(rng) % RT_MAX_THREADS);
		break;
	case 1:
		entry.who = RT_CHOICE | (uint32_t)(rng_next(rng) % RT_SPURIOUS);
		break;
	case 2:
		entry.who = RT_CHOICE | RT_VALUE;
		break;
	default:
		entry.times = UINT32_MAX - 1 - (uint32_t)(rng_next(rng) % 3);
	}
	return entry;
}

static void same(const struct schedule *a, const struct schedule *b)
{
	CHECK_TEXT(b->program, a->program);
	CHECK_TEXT(b->target, a->target);
	CHECK_TEXT(b->arguments, a->arguments);
	CHECK_TEXT(b->shows, a->shows);
	CHECK_TEXT(b->found_by, a->found_by);
	CHECK_NUMBER(b->threads, a->threads);
	CU_ASSERT(b->event_hash == a->event_hash);
	CHECK_NUMBER(b->nr, a->nr);
	CU_ASSERT(b->nr == a->nr && !memcmp(a->entries, b->entries, a->nr * sizeof(*a->entries)));
}

static void what_is_rendered_is_parsed_again(void)
{
	uint64_t rng = 1;

	for (int round = 0; round < 200; round++) {
		struct schedule s = { .program = xasprintf("%016llx",
							   (unsigned long long)rng_next(&rng)),
				      .target = xstrdup(round % 2 ? "own file.c" : "f/c/fixed"),
				      .arguments = xstrdup(round % 3 ? "1 two 3" : ""),
				      .shows = xstrdup(round % 5 ? "outcome sum 3" : ""),
				      .found_by = xstrdup("by random, seed 1, iteration 2"),
				      .threads = 1 + (uint32_t)(rng_next(&rng) % RT_MAX_THREADS),
				      .event_hash = rng_next(&rng),
				      .nr = 1 + rng_next(&rng) % 100 };
		struct strbuf text = STRBUF_INIT;
		struct err err = ERR_INIT;
		struct schedule read;

		s.entries = xcalloc(s.nr, sizeof(*s.entries));
		for (size_t i = 0; i < s.nr; i++)
			s.entries[i] = any_entry(&rng);
		schedule_render(&s, &text);
		CHECK_NUMBER(schedule_parse("x", text.buf, &read, &err), 0);
		CHECK_TEXT(err.text, "");
		same(&s, &read);
		for (const char *line = text.buf; *line; line += strcspn(line, "\n") + 1)
			CU_ASSERT(strcspn(line, "\n") <= 90);
		strbuf_release(&text);
		schedule_release(&read);
		schedule_release(&s);
	}
}

static void refused(const char *text, const char *message)
{
	struct err err = ERR_INIT;
	struct schedule s;

	CHECK_NUMBER(schedule_parse("s.sched", text, &s, &err), -1);
	CHECK_TEXT(err.text, message);
	CHECK_NUMBER(err.class, ERR_INPUT);
	schedule_release(&s);
}

#define KEYS "expected program, target, arguments, threads, shows, found, events, steps"

static void each_mistake_is_said_where_it_stands(void)
{
	static const struct {
		const char *from, *to, *message;
	} mistakes[] = {
		{ "racegate-schedule 1", "racegate-schedule 2",
		  "s.sched:1:1: expected \"racegate-schedule 1\"" },
		{ "racegate-schedule 1", "", "s.sched:1:1: expected \"racegate-schedule 1\"" },
		{ "program ", "programs ", "s.sched:2:1: " KEYS },
		{ "target ", "", "s.sched:3:1: " KEYS },
		{ "arguments 3 x\n", "", "s.sched:4:1: " KEYS },
		{ "threads 8", "threads: 8", "s.sched:5:1: " KEYS },
		{ "threads 8", "threads", "s.sched:5:8: expected how many threads, 1 to 256" },
		{ "threads 8", "threads 8x", "s.sched:5:9: expected how many threads, 1 to 256" },
		{ "threads 8", "threads 0", "s.sched:5:9: expected how many threads, 1 to 256" },
		{ "threads 8", "threads 257", "s.sched:5:9: expected how many threads, 1 to 256" },
		{ "threads 8", "threads -1", "s.sched:5:9: expected how many threads, 1 to 256" },
		{ "shows", "sows", "s.sched:6:1: " KEYS },
		{ "found by", "round by", "s.sched:7:1: " KEYS },
		{ "events 9ae5c0e2ab517a2d", "events ", "s.sched:8:8: expected 16 hex digits" },
		{ "events 9ae5c0e2ab517a2d", "events 9ae5c0e2ab517a2",
		  "s.sched:8:8: expected 16 hex digits" },
		{ "events 9ae5c0e2ab517a2d", "events 9ae5c0e2ab517a2g",
		  "s.sched:8:8: expected 16 hex digits" },
		{ "events 9ae5c0e2ab517a2d", "events -ae5c0e2ab517a2d",
		  "s.sched:8:8: expected 16 hex digits" },
		{ "steps\n", "", "s.sched:9:1: " KEYS },
		{ "main*14", "mein*14",
		  "s.sched:10:1: expected main, T1, T2, ..., choice:N, time or spurious" },
		{ "T1*3", "t1*3",
		  "s.sched:10:9: expected main, T1, T2, ..., choice:N, time or spurious" },
		{ "T1*3", "T*3", "s.sched:10:10: expected the number of a thread" },
		{ "T1*3", "T0*3", "s.sched:10:10: expected the number of a thread" },
		{ "T1*3", "T256*3", "s.sched:10:10: expected the number of a thread" },
		{ "T1*3", "T-1*3", "s.sched:10:10: expected the number of a thread" },
		{ "T1*3", "T1*", "s.sched:10:12: expected how many times" },
		{ "T1*3", "T1*0", "s.sched:10:12: expected how many times" },
		{ "T1*3", "T1*4294967295", "s.sched:10:12: expected how many times" },
		{ "T1*3", "T1*99999999999999999999", "s.sched:10:12: expected how many times" },
		{ "T1*3", "T1x3", "s.sched:10:11: expected a blank" },
		{ "choice:1", "choice:", "s.sched:10:28: expected the number of a choice" },
		{ "choice:1", "choice:65534", "s.sched:10:28: expected the number of a choice" },
		{ "choice:1", "choice:1,", "s.sched:10:29: expected a blank" },
		{ "time", "timed", "s.sched:10:34: expected a blank" },
		{ "main*2\n", "main*2\nmain T3 bang\n",
		  "s.sched:11:9: expected main, T1, T2, ..., choice:N, time or spurious" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		char *text = text_replace(good, mistakes[i].from, mistakes[i].to);

		refused(text, mistakes[i].message);
		free(text);
	}
	refused("", "s.sched:1:1: expected \"racegate-schedule 1\"");
}

// Wherever the file was cut before its steps, it is no schedule.
static void a_cut_head_is_no_schedule(void)
{
	const size_t head = (size_t)(strstr(good, "main*14") - good);

	for (size_t len = 0; len <= head; len++) {
		char *text = xstrndup(good, len);
		struct err err = ERR_INIT;
		struct schedule s;

		CHECK_AT(text, schedule_parse("s.sched", text, &s, &err) == -1);
		CHECK_HAS(err.text, "s.sched:");
		schedule_release(&s);
		free(text);
	}
}

static void as_many_steps_as_the_runtime_can_follow(void)
{
	const size_t head = (size_t)(strstr(good, "main*14") - good);
	struct strbuf text = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct schedule s;

	strbuf_add(&text, good, head);
	for (int i = 0; i < RT_MAX_ENTRIES; i++)
		strbuf_addstr(&text, i % 2 ? "T1\n" : "main ");
	CHECK_NUMBER(schedule_parse("s.sched", text.buf, &s, &err), 0);
	CHECK_TEXT(err.text, "");
	CHECK_NUMBER(s.nr, RT_MAX_ENTRIES);
	schedule_release(&s);
	strbuf_addstr(&text, "main\n");
	refused(text.buf, "s.sched:524298:1: expected fewer steps");
	strbuf_release(&text);
}

static void a_program_has_one_hash_until_it_changes(void)
{
	char *dir = scratch_make(), *path = xasprintf("%s/program", dir);
	struct err err = ERR_INIT;
	char *first, *again, *other;

	CU_ASSERT_PTR_NULL(schedule_program_hash(path, &err));
	CHECK_HAS(err.text, path);
	scratch_write(dir, "program", "one\n");
	first = schedule_program_hash(path, &err);
	again = schedule_program_hash(path, &err);
	scratch_write(dir, "program", "two\n");
	other = schedule_program_hash(path, &err);
	CU_ASSERT_FATAL(first && again && other);
	CHECK_TEXT(again, first);
	CU_ASSERT(strcmp(first, other) != 0);
	CHECK_NUMBER(strspn(first, "0123456789abcdef"), 16);
	CHECK_NUMBER(strlen(first), 16);
	free(first);
	free(again);
	free(other);
	free(path);
	scratch_drop(dir);
}

void suite_schedule(void)
{
	static const struct test_case cases[] = {
		{ "each word has its meaning", each_word_has_its_meaning },
		{ "what is rendered is parsed again", what_is_rendered_is_parsed_again },
		{ "each mistake is said where it stands", each_mistake_is_said_where_it_stands },
		{ "a cut head is no schedule", a_cut_head_is_no_schedule },
		{ "as many steps as the runtime can follow",
		  as_many_steps_as_the_runtime_can_follow },
		{ "a program has one hash until it changes",
		  a_program_has_one_hash_until_it_changes },
	};

	test_suite("schedule", cases, ARRAY_SIZE(cases));
}
