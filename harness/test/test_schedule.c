// Schedules as text: what is written is read again, and what is wrong is said where it stands.
#include "explore/schedule.h"

#include "base/args.h"
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
			   "decisions 32\n"
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
	CHECK_TEXT(b->built, a->built);
	CHECK_TEXT(b->shows, a->shows);
	CHECK_TEXT(b->found_by, a->found_by);
	CHECK_NUMBER(b->threads, a->threads);
	CU_ASSERT(b->event_hash == a->event_hash);
	CHECK_NUMBER(b->no_return.step, a->no_return.step);
	CHECK_NUMBER(b->no_return.tried, a->no_return.tried);
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
				      .built = xstrdup(round % 4 ? NULL : "--cc gcc"),
				      .shows = xstrdup(round % 5 ? "outcome sum 3" : ""),
				      .found_by = xstrdup("by random, seed 1, iteration 2"),
				      .threads = 1 + (uint32_t)(rng_next(&rng) % RT_MAX_THREADS),
				      .event_hash = rng_next(&rng),
				      .nr = 1 + rng_next(&rng) % 100 };
		struct strbuf text = STRBUF_INIT;
		struct err err = ERR_INIT;
		struct schedule read;

		if (round % 2)
			s.no_return = (struct no_return){ rng_next(&rng) % 1000, 100 };
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

#define KEYS "expected program, target, arguments, threads, shows, found, events, decisions, steps"

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
	{ "threads 8", "threads", "s.sched:5:8: expected the number of threads, 1 to 256" },
	{ "threads 8", "threads 8x", "s.sched:5:9: expected the number of threads, 1 to 256" },
	{ "threads 8", "threads 0", "s.sched:5:9: expected the number of threads, 1 to 256" },
	{ "threads 8", "threads 257", "s.sched:5:9: expected the number of threads, 1 to 256" },
	{ "threads 8", "threads -1", "s.sched:5:9: expected the number of threads, 1 to 256" },
	{ "shows", "sows", "s.sched:6:1: " KEYS },
	{ "found by", "round by", "s.sched:7:1: " KEYS },
	{ "events 9ae5c0e2ab517a2d", "events ", "s.sched:8:8: expected 16 hex digits" },
	{ "events 9ae5c0e2ab517a2d", "events 9ae5c0e2ab517a2",
	  "s.sched:8:8: expected 16 hex digits" },
	{ "events 9ae5c0e2ab517a2d", "events 9ae5c0e2ab517a2g",
	  "s.sched:8:8: expected 16 hex digits" },
	{ "events 9ae5c0e2ab517a2d", "events -ae5c0e2ab517a2d",
	  "s.sched:8:8: expected 16 hex digits" },
	{ "decisions 32\n", "", "s.sched:9:1: " KEYS },
	{ "decisions 32", "decisions", "s.sched:9:10: expected the number of decisions" },
	{ "decisions 32", "decisions 0", "s.sched:9:11: expected the number of decisions" },
	{ "decisions 32", "decisions 32 ", "s.sched:9:11: expected the number of decisions" },
	{ "decisions 32", "decisions 31", "s.sched:12:1: expected 31 decisions, found 32" },
	{ "spurious*2 main*2\n", "spurious*2\n", "s.sched:12:1: expected 32 decisions, found 30" },
	{ "main*2\n", "main*2",
	  "s.sched:11:52: expected the end of a line: the file is truncated" },
	{ "arguments 3 x", "arguments 3 \"x",
	  "s.sched:4:1: expected arguments, quoted where necessary" },
	{ "arguments 3 x", "arguments \"3\"x",
	  "s.sched:4:1: expected arguments, quoted where necessary" },
	{ "arguments 3 x", "arguments \"3\\x\"",
	  "s.sched:4:1: expected arguments, quoted where necessary" },
	{ "steps\n", "", "s.sched:10:1: " KEYS },
	{ "main*14", "mein*14",
	  "s.sched:11:1: expected main, T1, T2, ..., choice:N, time or spurious" },
	{ "T1*3", "t1*3", "s.sched:11:9: expected main, T1, T2, ..., choice:N, time or spurious" },
	{ "T1*3", "T*3", "s.sched:11:10: expected the number of a thread" },
	{ "T1*3", "T0*3", "s.sched:11:10: expected the number of a thread" },
	{ "T1*3", "T256*3", "s.sched:11:10: expected the number of a thread" },
	{ "T1*3", "T-1*3", "s.sched:11:10: expected the number of a thread" },
	{ "T1*3", "T1*", "s.sched:11:12: expected a number of repetitions" },
	{ "T1*3", "T1*0", "s.sched:11:12: expected a number of repetitions" },
	{ "T1*3", "T1*4294967295", "s.sched:11:12: expected a number of repetitions" },
	{ "T1*3", "T1*99999999999999999999", "s.sched:11:12: expected a number of repetitions" },
	{ "T1*3", "T1x3", "s.sched:11:11: expected a space" },
	{ "choice:1", "choice:", "s.sched:11:28: expected the number of a choice" },
	{ "choice:1", "choice:65534", "s.sched:11:28: expected the number of a choice" },
	{ "choice:1", "choice:1,", "s.sched:11:29: expected a space" },
	{ "time", "timed", "s.sched:11:34: expected a space" },
	{ "main*2\n", "main*2\nmain T3 bang\n",
	  "s.sched:12:9: expected main, T1, T2, ..., choice:N, time or spurious" },
};

static void each_mistake_is_said_where_it_stands(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		char *text = text_replace(good, mistakes[i].from, mistakes[i].to);

		refused(text, mistakes[i].message);
		free(text);
	}
	refused("", "s.sched:1:1: expected \"racegate-schedule 1\"");
}

// Wherever the file was cut, it is no schedule.
static void a_cut_file_is_no_schedule(void)
{
	for (size_t len = 0; len < strlen(good); len++) {
		char *text = xstrndup(good, len);
		struct err err = ERR_INIT;
		struct schedule s;

		CHECK_AT(text, schedule_parse("s.sched", text, &s, &err) == -1);
		CHECK_HAS(err.text, "s.sched:");
		schedule_release(&s);
		free(text);
	}
}

// What is read again says what the file says; a changed byte is an error or another schedule.
static void a_byte_that_is_changed_is_an_error_or_another_schedule(void)
{
	uint64_t rng = 1;

	for (int round = 0; round < 20000; round++) {
		char *text = xstrdup(good);
		struct strbuf again = STRBUF_INIT;
		struct err err = ERR_INIT;
		struct schedule s;

		text[rng_next(&rng) % strlen(good)] = (char)(1 + rng_next(&rng) % 255);
		if (schedule_parse("s.sched", text, &s, &err)) {
			CHECK_HAS(err.text, "s.sched:");
		} else {
			struct schedule twice;

			schedule_render(&s, &again);
			CHECK_NUMBER(schedule_parse("s.sched", again.buf, &twice, &err), 0);
			same(&s, &twice);
			schedule_release(&twice);
		}
		strbuf_release(&again);
		schedule_release(&s);
		free(text);
	}
}

static void any_arguments_come_back(void)
{
	static const char *const words[] = { "3",          "two words",   "",         "line\nline",
					     "\"quoted\"", "back\\slash", "\t",       "\\n",
					     "\\",         "'",           "\xff\x01", "end " };
	uint64_t rng = 1;

	for (int round = 0; round < 500; round++) {
		const char *chosen[8];
		size_t nr = rng_next(&rng) % ARRAY_SIZE(chosen);
		struct strbuf line = STRBUF_INIT;
		struct args back = { 0 };

		for (size_t i = 0; i < nr; i++) {
			chosen[i] = words[rng_next(&rng) % ARRAY_SIZE(words)];
			if (i)
				strbuf_addch(&line, ' ');
			args_quote(chosen[i], &line);
		}
		CU_ASSERT_PTR_NULL(strchr(line.buf, '\n'));
		CHECK_NUMBER(args_unquote(&back, line.buf), 0);
		CHECK_NUMBER(back.nr, nr);
		for (size_t i = 0; i < nr && i < back.nr; i++)
			CHECK_TEXT(back.items[i], chosen[i]);
		args_release(&back);
		strbuf_release(&line);
	}
}

static void as_many_steps_as_the_runtime_can_follow(void)
{
	const size_t head = (size_t)(strstr(good, "main*14") - good);
	struct strbuf text = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct schedule s;

	strbuf_add(&text, good, head - strlen("30\nsteps\n"));
	strbuf_addf(&text, "%d\nsteps\n", RT_MAX_ENTRIES);
	for (int i = 0; i < RT_MAX_ENTRIES; i++)
		strbuf_addstr(&text, i % 2 ? "T1\n" : "main ");
	CHECK_NUMBER(schedule_parse("s.sched", text.buf, &s, &err), 0);
	CHECK_TEXT(err.text, "");
	CHECK_NUMBER(s.nr, RT_MAX_ENTRIES);
	schedule_release(&s);
	strbuf_addstr(&text, "main\n");
	refused(text.buf, "s.sched:524299:1: expected fewer steps");
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
		{ "a cut file is no schedule", a_cut_file_is_no_schedule },
		{ "any arguments come back", any_arguments_come_back },
		{ "a byte that is changed is an error or another schedule",
		  a_byte_that_is_changed_is_an_error_or_another_schedule },
		{ "as many steps as the runtime can follow",
		  as_many_steps_as_the_runtime_can_follow },
		{ "a program has one hash until it changes",
		  a_program_has_one_hash_until_it_changes },
	};

	test_suite("schedule", cases, ARRAY_SIZE(cases));
}
