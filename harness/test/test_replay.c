/*
 * Schedules that are followed again: the same each time, refused when they
 * belong to another program, left nowhere without being told; and as pictures.
 */
#include "explore/replay.h"

#include "explore/timeline.h"
#include "test/campaigned.h"

enum { TIMES = 1000 };

// Until it has what there is to see.
static void find(struct run *run, const char *name, const char *arg)
{
	run_with(run, name, arg, (struct campaign_options){ .iterations = 450, .seed = 3 });
}

// All of its words of one kind follow a schedule TIMES times, the same in each.
static void follows(const char *name, const char *arg, const char *outcome, bool found)
{
	const struct rt_result *r;
	const struct schedule *s;
	struct request request;
	struct rt_finding first;
	struct run f;
	unsigned same = 0;
	uint64_t expected = 0;
	uint32_t findings = 0;

	find(&f, name, arg);
	s = schedule_of(&f, outcome);
	r = &f.campaign.running.warm.shared->result;
	request = running_replay(&f.campaign.running, s);
	for (int i = 0; i < TIMES; i++) {
		struct err err = ERR_INIT;

		if (warm_request(&f.campaign.running.warm, &request, &err))
			break;
		if (!i) {
			char *text = running_outcome(&f.campaign.running);

			CHECK_TEXT(text, outcome);
			free(text);
			findings = r->nr_findings;
			CHECK_AT(name, found == (findings > 0));
			first = r->findings[0];
			expected = r->outcome;
		}
		same += r->event_hash == s->event_hash && r->outcome == expected &&
			r->nr_findings == findings && r->nr_schedule_out == s->nr &&
			!memcmp(f.campaign.running.warm.shared->schedule_out, s->entries,
				s->nr * sizeof(*s->entries)) &&
			(!findings || (first.fingerprint == r->findings[0].fingerprint &&
				       first.sites[0].step == r->findings[0].sites[0].step &&
				       first.sites[1].step == r->findings[0].sites[1].step));
	}
	CHECK_NUMBER(same, TIMES);
	run_end(&f);
}

static void a_thousand_replays_are_the_same(void)
{
	follows("balance", "2", "balance 1", true);
	follows("abba", NULL, "[hang]", true);
	follows("twice", NULL, "seen", false);
}

static void a_file_gives_back_what_was_found(void)
{
	struct strbuf text = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct schedule read;
	struct replay replay;
	struct run f;

	find(&f, "abba", NULL);
	schedule_render(schedule_of(&f, "[hang]"), &text);
	CHECK_NUMBER(schedule_parse("s.sched", text.buf, &read, &err), 0);
	CHECK_NUMBER(replay_run(&replay, &read, f.argv, &err), 0);
	CHECK_TEXT(err.text, "");
	CU_ASSERT_PTR_NULL(replay.divergence);
	CHECK_TEXT(replay.outcome, "[hang]");
	CHECK_NUMBER(replay.findings.nr, 1);
	CHECK_NUMBER(replay.findings.items[0].kind, KIND_DEADLOCK);
	CHECK_TEXT(replay.findings.items[0].words,
		   f.campaign.known.findings.items[0].finding.words);
	replay_release(&replay);
	schedule_release(&read);
	strbuf_release(&text);
	run_end(&f);
}

static void another_program_is_refused(void)
{
	const char *const other[] = { "build/fixtures/explore_balance_clang", "1", NULL };
	struct err err = ERR_INIT;
	struct replay replay;
	struct run f, g;

	find(&g, "balance", "1");
	find(&f, "abba", NULL);
	CHECK_NUMBER(replay_run(&replay, schedule_of(&f, "[hang]"), other, &err), -1);
	CHECK_NUMBER(err.class, ERR_INPUT);
	CHECK_HAS(err.text, "the schedule belongs to another build");
	CHECK_HAS(err.text, schedule_of(&f, "[hang]")->program);
	replay_release(&replay);
	run_end(&f);
	run_end(&g);
}

// Follows a part of the schedule, or one with other steps.
static char *divergence_of(const struct run *f, struct schedule changed)
{
	struct err err = ERR_INIT;
	struct replay replay;
	char *divergence;

	CHECK_NUMBER(replay_run(&replay, &changed, f->argv, &err), 0);
	CHECK_TEXT(err.text, "");
	divergence = xstrdup(replay.divergence);
	replay_release(&replay);
	return divergence;
}

static void where_it_is_left_is_said(void)
{
	struct schedule s;
	struct run f;
	char *divergence;

	find(&f, "balance", "2");
	s = *schedule_of(&f, "balance 0");
	divergence = divergence_of(&f, s);
	CU_ASSERT_PTR_NULL(divergence);
	s.nr--; // it stops while the program still runs
	divergence = divergence_of(&f, s);
	CHECK_HAS(divergence, "the program leaves its schedule at step ");
	CHECK_HAS(divergence, "balance.c:");
	free(divergence);
	s.nr++;
	s.entries = xcalloc(s.nr, sizeof(*s.entries));
	memcpy(s.entries, schedule_of(&f, "balance 0")->entries, s.nr * sizeof(*s.entries));
	s.entries[0] = (struct rt_entry){ 5, 1 }; // a thread that never was
	divergence = divergence_of(&f, s);
	CHECK_HAS(divergence, "the program leaves its schedule at step 0, ");
	free(divergence);
	s.entries[0] = (struct rt_entry){ RT_CHOICE | 1, 1 }; // where none is to be made
	divergence = divergence_of(&f, s);
	CHECK_HAS(divergence, "the program leaves its schedule at step 0, ");
	free(divergence);
	memcpy(s.entries, schedule_of(&f, "balance 0")->entries, s.nr * sizeof(*s.entries));
	s.event_hash ^= 1;
	divergence = divergence_of(&f, s);
	CHECK_TEXT(divergence, "the same schedule gave other events than when it was written down, "
			       "and since then the same ones 9 times");
	free(divergence);
	free(s.entries);
	run_end(&f);
}

/*
 * Its number of rounds is the kernel's. Nine of them are the same once in 2^64: the
 * first to differ does after the fewer rounds, where one loops and the other goes
 * on.
 */
static void the_first_step_that_differs_is_said(void)
{
	const char *const argv[] = { "build/fixtures/explore_outside_clang", "few", NULL };
	struct err err = ERR_INIT;
	struct schedule s = { 0 };
	struct replay replay;
	struct explored e;

	explored_start(&e, "outside", NULL);
	explored_end(&e);
	s.program = schedule_program_hash(argv[0], &err);
	s.target = xstrdup("own.c");
	s.threads = 8;
	s.nr = 1;
	s.entries = xcalloc(1, sizeof(*s.entries));
	s.entries[0] = (struct rt_entry){ 0, 1000000 }; // main, as long as it can
	CHECK_NUMBER(replay_run(&replay, &s, argv, &err), 0);
	CHECK_TEXT(err.text, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(replay.divergence);
	CHECK_HAS(replay.divergence, "the same schedule gave other events: at step ");
	CHECK_HAS(replay.divergence, "main reads at outside.c:41"); // its round
	CHECK_HAS(replay.divergence, "main reads at outside.c:42"); // what it joins
	CHECK_HAS(replay.divergence, " in one run, ");
	replay_release(&replay);
	schedule_release(&s);
}

// The picture of a fixture's schedule in so many columns; owned.
static char *picture(const char *name, const char *arg, const char *outcome, unsigned width)
{
	struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct replay replay;
	struct run f;

	find(&f, name, arg);
	CHECK_NUMBER(replay_run(&replay, schedule_of(&f, outcome), f.argv, &err), 0);
	timeline_render(&replay.running.translator, replay.running.warm.shared,
			&replay.schedule.no_return, width, &out);
	replay_release(&replay);
	run_end(&f);
	return strbuf_detach(&out);
}

// The number of lines with the mark behind their step, and the words.
static unsigned marked_by(char mark, const char *picture, const char *words)
{
	unsigned nr = 0;

	for (const char *line = picture; *line; line += strcspn(line, "\n") + 1) {
		char *text = xstrndup(line, strcspn(line, "\n"));

		nr += strlen(text) > 6 && text[5] == mark && strstr(text, words);
		free(text);
		if (!line[strcspn(line, "\n")])
			break;
	}
	return nr;
}

// What the findings are about.
static unsigned marked(const char *picture, const char *words)
{
	return marked_by('*', picture, words);
}

static void fits(const char *picture, size_t width)
{
	for (const char *line = picture; *line; line += strcspn(line, "\n") + 1) {
		size_t len = strcspn(line, "\n");
		char *text = xstrndup(line, len);

		CHECK_AT(text, len <= width);
		CHECK_AT(text, !len || text[len - 1] != ' ');
		free(text);
	}
}

static void a_timeline_has_a_column_for_each_thread(void)
{
	char *text = picture("balance", "1", "balance 1", 80);
	const size_t column = 24; // of three, in what 80 leaves

	CHECK_HAS(text, " step main");
	CHECK_NUMBER(strstr(text, "T1") - text, 6 + column);
	CHECK_NUMBER(strstr(text, "T2") - text, 6 + 2 * column);
	fits(text, 80);
	CHECK_HAS(text, "balance += *(long *)");
	CU_ASSERT(marked(text, "balance") >= 2);
	CHECK_NUMBER(marked(text, "pthread_"), 0);
	CHECK_NUMBER(marked_by('+', text, "balance"), 0);
	CHECK_NUMBER(marked_by('+', text, "pthread_create("), 2);
	CHECK_NUMBER(marked_by('+', text, "pthread_join("), 2);
	// The mark is in the column of the thread that it is about.
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (!strncmp(line + 5, "*", 1)) {
			size_t at = strspn(line + 6, " ");

			CU_ASSERT(at == column || at == 2 * column);
		}
	free(text);
}

static void a_timeline_marks_the_waits_of_a_deadlock(void)
{
	char *text = picture("abba", NULL, "[hang]", 80);

	fits(text, 80);
	CHECK_HAS(text, "pthread_mutex_lock(&");
	CHECK_HAS(text, "\n ---- after step ");
	CHECK_HAS(text, " all of 60 other continuations showed it too ----\n");
	CU_ASSERT(marked(text, "pthread_mutex_lock(&") >= 2);
	free(text);
}

// What its header does for a program is told from its own lines.
static void a_timeline_names_other_files(void)
{
	char *text = picture("once", "once", "made 2", 80);

	CHECK_HAS(text, "uses.h:");
	CU_ASSERT_PTR_NULL(strstr(text, "once.c:"));
	CHECK_HAS(text, "made");
	free(text);
}

static void a_timeline_of_many_threads_fits(void)
{
	char *text = picture("crowd", "12", "done", 80);

	fits(text, 80);
	for (int i = 0; i <= 12; i++) {
		char *name = i ? xasprintf("T%d", i) : xstrdup("main");

		CHECK_HAS(text, name);
		free(name);
	}
	free(text);
	text = picture("crowd", "40", "done", 80); // more than there are columns
	fits(text, 80);
	CHECK_HAS(text, "T40 ");
	free(text);
}

void suite_replay(void)
{
	static const struct test_case cases[] = {
		{ "a thousand replays are the same", a_thousand_replays_are_the_same },
		{ "a file gives back what was found", a_file_gives_back_what_was_found },
		{ "another program is refused", another_program_is_refused },
		{ "where it is left is said", where_it_is_left_is_said },
		{ "the first step that differs is said", the_first_step_that_differs_is_said },
		{ "a timeline has a column for each thread",
		  a_timeline_has_a_column_for_each_thread },
		{ "a timeline marks the waits of a deadlock",
		  a_timeline_marks_the_waits_of_a_deadlock },
		{ "a timeline names other files", a_timeline_names_other_files },
		{ "a timeline of many threads fits", a_timeline_of_many_threads_fits },
	};

	test_suite("replay", cases, ARRAY_SIZE(cases));
}
