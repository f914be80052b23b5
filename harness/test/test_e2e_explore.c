/*
 * racegate exploring programs and following the schedules that it leaves, as its
 * users have it do, on folders of its own. The seeds are fixed.
 */
#include "base/fs.h"
#include "base/mem.h"
#include "test/call.h"
#include "test/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Explores NAME in the folder: 200 schedules into the session "s".
static void explore(struct call *c, const char *name)
{
	CALL(c, "explore", name, "--seed", "1", "--schedules", "200", "--out", "s", "--quiet");
}

// The path of the first finding's schedule in the report of "s"; owned.
static char *schedule_of(struct call *c)
{
	json_t *report = report_of(c, "s");
	const json_t *finding = json_array_get(json_object_get(report, "findings"), 0);
	const char *name = json_string_value(json_object_get(finding, "first_schedule"));
	char *path = xasprintf("s/%s", name ? name : "none"),
	     *full = xasprintf("%s/%s", c->dir, path);

	CU_ASSERT_PTR_NOT_NULL(name);
	CU_ASSERT_TRUE(json_is_true(json_object_get(finding, "confirmed")));
	CHECK_AT(path, fs_is_file(full));
	free(full);
	json_decref(report);
	return path;
}

static void a_race_is_found_confirmed_and_followed(void)
{
	struct call c;
	char *racy = racy_c(), *path, *first;
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "racy.c", racy);
	explore(&c, "racy.c");
	exits(&c, 1);
	CHECK_TEXT(c.err, "");
	CHECK_HAS(c.out, "replay: racegate replay ");
	report = report_of(&c, "s");
	verdict_is(report, "racy.c", "explore", "fail", "findings in 200 of 200 schedules");
	CHECK_NUMBER(number_of(cell_of(report, "racy.c", "explore"), "runs"), 200);
	CU_ASSERT_PTR_NULL(cell_of(report, "racy.c", "native"));
	json_decref(report);
	path = schedule_of(&c);
	CALL(&c, "replay", path);
	exits(&c, 1);
	CHECK_HAS(c.out, "found    ");
	CHECK_HAS(c.out, "add (racy.c:");
	CHECK_HAS(c.out, "outcome  n ");
	first = xstrdup(c.out);
	CALL(&c, "replay", path);
	CHECK_TEXT(c.out, first);
	free(first);
	CALL(&c, "replay", "--timeline", path);
	exits(&c, 1);
	CHECK_HAS(c.out, " step main");
	CHECK_HAS(c.out, "T1");
	CHECK_HAS(c.out, "T2");
	CHECK_HAS(c.out, "n++;"); // the line of the source
	CHECK_HAS(c.out, "found    ");
	free(path);
	free(racy);
	call_end(&c);
}

// Explores a fixture in which there is something to be found.
static void begin_with(struct call *c, const char *name)
{
	char *fixture = xasprintf("explore/%s", name);

	call_begin(c);
	scratch_copy(test_fixture(fixture), c->dir, name);
	explore(c, name);
	exits(c, 1);
	free(fixture);
}

// Takes the path. `code`: 1 when there are findings on it.
static void follow(struct call *c, char *path, int code)
{
	CALL(c, "replay", path);
	exits(c, code);
	free(path);
}

static void a_deadlock_is_followed_to_where_all_wait(void)
{
	struct call c;

	begin_with(&c, "abba.c");
	follow(&c, schedule_of(&c), 1);
	CHECK_HAS(c.out, "T1 waits for mutex lock_b at abba.c:");
	CHECK_HAS(c.out, "outcome  [hang]");
	CHECK_HAS(c.out, "1 of them preemptions");
	call_end(&c);
}

// The schedule that the report names below the words; owned.
static char *schedule_below(const struct call *c, const char *words)
{
	static const char line[] = "\n      replay: racegate replay --timeline ";
	const char *at = strstr(c->out, words);

	at = at ? strstr(at, line) : NULL;
	CU_ASSERT_PTR_NOT_NULL(at);
	at = at ? at + strlen(line) : "";
	return xstrndup(at, strcspn(at, "\n"));
}

// Where nothing but the result shows the bug, the result leads to its schedule.
static void a_bad_outcome_is_followed(void)
{
	struct call c;

	begin_with(&c, "twice.c");
	CU_ASSERT_PTR_NULL(strstr(c.out, "(200 of 200"));
	follow(&c, schedule_below(&c, "\n  seen  ("), 0);
	CHECK_HAS(c.out, "outcome  seen\n");
	CALL(&c, "explore", "check-then-act/racy", "--schedules", "50", "--seed", "1", "--out",
	     "case", "--quiet");
	exits(&c, 0);
	CHECK_HAS(c.out, "racy (schedules)");
	follow(&c, schedule_below(&c, "\n  sum off by *"), 0);
	CHECK_HAS(c.out, "outcome  sum off by ");
	call_end(&c);
}

// The same, by a search: its words stand in the report, its schedules are followed.
static void a_search_says_how_far_it_is_complete(void)
{
	struct call c;
	char *path;

	call_begin(&c);
	scratch_copy(test_fixture("explore/abba.c"), c.dir, "abba.c");
	CALL(&c, "explore", "abba.c", "--strategy", "dfs", "--preemptions", "0", "--schedules",
	     "1000", "--out", "s0", "--quiet");
	exits(&c, 0);
	CHECK_HAS(c.out, "depth-first search: complete up to 0 preemptions (3 schedules)");
	CALL(&c, "explore", "abba.c", "--strategy", "dfs", "--preemptions", "1", "--schedules",
	     "1000", "--out", "s", "--quiet");
	exits(&c, 1);
	CHECK_HAS(c.out, "depth-first search: complete up to 1 preemption (");
	path = schedule_of(&c);
	CALL(&c, "replay", path);
	exits(&c, 1);
	CHECK_HAS(c.out, "outcome  [hang]");
	CHECK_HAS(c.out, "1 of them preemptions");
	free(path);
	call_end(&c);
}

// What gdb says to these commands when it is stopped at what the schedule shows; owned.
static char *said_by_gdb(const struct call *c, const char *schedule, const char *commands)
{
	char *here = realpath("build/racegate", NULL);
	char *line = xasprintf("cd '%s' && printf '%s' | '%s' replay --gdb '%s' 2>&1", c->dir,
			       commands, here, schedule);
	FILE *pipe = popen(line, "r");
	struct strbuf said = STRBUF_INIT;
	char chunk[4096];
	size_t n;

	CU_ASSERT_PTR_NOT_NULL_FATAL(pipe);
	while ((n = fread(chunk, 1, sizeof(chunk), pipe)) > 0)
		strbuf_add(&said, chunk, n);
	CHECK_NUMBER(pclose(pipe), 0);
	free(line);
	free(here);
	return strbuf_detach(&said);
}

static void gdb_stops_where_all_wait(void)
{
	struct call c;
	char *path, *said;

	call_begin(&c);
	scratch_copy(test_fixture("explore/abba.c"), c.dir, "abba.c");
	explore(&c, "abba.c");
	path = schedule_of(&c);
	said = said_by_gdb(&c, path,
			   "racegate-threads\\nracegate-thread 0\\nbacktrace\\n"
			   "continue\\n");
	CHECK_HAS(said, "outcome  [hang]");
	CHECK_HAS(said, "rt_stop_here");
	CHECK_HAS(said, "pthread_mutex_lock(&lock_"); // the line of the source, in its frame
	CHECK_HAS(said, "  main waits: Line ");
	CHECK_HAS(said, "* T");
	CHECK_HAS(said, " waits: Line ");
	CHECK_HAS(said, " rt_join (");      // of main's own stack
	CHECK_HAS(said, "exited normally"); // back in the thread that runs, it goes on
	free(said);
	free(path);
	call_end(&c);
}

static void gdb_stops_at_the_second_access_of_a_race(void)
{
	struct call c;
	char *path, *said;

	call_begin(&c);
	scratch_copy(test_fixture("explore/balance.c"), c.dir, "balance.c");
	explore(&c, "balance.c");
	path = schedule_of(&c);
	said = said_by_gdb(&c, path, "backtrace\\nprint balance\\n");
	CHECK_HAS(said, "found    data-race: ");
	CHECK_HAS(said, "rt_stop_here (");
	CHECK_HAS(said, "deposit (");
	CHECK_HAS(said, "$"); // its value, as at that step
	free(said);
	free(path);
	call_end(&c);
}

static void a_clean_file_is_0(void)
{
	struct call c;

	call_begin(&c);
	scratch_write(c.dir, "clean.c", clean_c);
	explore(&c, "clean.c");
	exits(&c, 0);
	CHECK_HAS(c.out, "1 pass, 0 fail;");
	call_end(&c);
}

// Neither an exit status nor a bracket is a finding.
static void an_ending_that_is_accepted_is_clean(void)
{
	struct call c;

	call_begin(&c);
	scratch_write(c.dir, "status.c",
		      "#include <stdio.h>\nint main(void) { puts(\"[1, 2]\"); return 3; }\n");
	CALL(&c, "explore", "status.c", "--seed", "1", "--schedules", "20", "--ok-exit", "3",
	     "--allow-sequential", "--out", "s");
	exits(&c, 0);
	CHECK_HAS(c.out, "[1, 2] [exit 3]");
	call_end(&c);
}

static void what_is_not_controlled_is_3(void)
{
	struct call c;
	json_t *report;

	call_begin(&c);
	scratch_copy(test_fixture("explore/outside.c"), c.dir, "outside.c");
	explore(&c, "outside.c");
	exits(&c, 3);
	report = report_of(&c, "s");
	verdict_is(report, "outside.c", "explore", "inconclusive",
		   "uncontrolled: the same schedule");
	json_decref(report);
	call_end(&c);
}

// It ends before main(), so that no schedule of it was ever tried.
static void what_was_never_explored_is_3(void)
{
	struct call c;
	json_t *report;

	call_begin(&c);
	scratch_write(c.dir, "early.c",
		      "#include <unistd.h>\n"
		      "__attribute__((constructor)) static void early(void) { _exit(0); }\n"
		      "int main(void) { return 0; }\n");
	explore(&c, "early.c");
	exits(&c, 3);
	report = report_of(&c, "s");
	verdict_is(report, "early.c", "explore", "inconclusive", "no schedule was explored");
	json_decref(report);
	call_end(&c);
}

static void a_schedule_of_other_source_is_2(void)
{
	struct call c;
	char *racy = racy_c(), *changed = text_replace(racy, "n %d", "N %d"), *path;

	call_begin(&c);
	scratch_write(c.dir, "racy.c", racy);
	explore(&c, "racy.c");
	path = schedule_of(&c);
	scratch_write(c.dir, "racy.c", changed);
	CALL(&c, "replay", path);
	exits(&c, 2);
	CHECK_HAS(c.err, path);
	CHECK_HAS(c.err, "the schedule belongs to another build");
	free(path);
	free(changed);
	free(racy);
	call_end(&c);
}

static void a_schedule_that_is_none_is_2(void)
{
	struct call c;

	call_begin(&c);
	CALL(&c, "replay", "no.sched");
	exits(&c, 2);
	CHECK_HAS(c.err, "no.sched: no such file");
	scratch_write(c.dir, "bad.sched", "racegate-schedule 1\nprogram 1\nbang\n");
	CALL(&c, "replay", "bad.sched");
	exits(&c, 2);
	CHECK_HAS(c.err, "bad.sched:3:1: expected program, target");
	scratch_write(c.dir, "empty.sched", "");
	CALL(&c, "replay", "empty.sched");
	exits(&c, 2);
	CHECK_HAS(c.err, "empty.sched:1:1: expected \"racegate-schedule 1\"");
	scratch_write(c.dir, "gone.sched",
		      "racegate-schedule 1\nprogram 5f1c33d6a5e0b7f2\ntarget gone.c\narguments \n"
		      "threads 8\nshows x\nfound y\nevents 9ae5c0e2ab517a2d\ndecisions 1\n"
		      "steps\nmain\n");
	CALL(&c, "replay", "gone.sched");
	exits(&c, 2);
	CHECK_HAS(c.err, "gone.c");
	CALL(&c, "replay", ".");
	exits(&c, 2);
	call_end(&c);
}

// Without times and paths: what the campaigns of one request came to.
static char *came_to(struct call *c, const char *jobs)
{
	struct strbuf text = STRBUF_INIT;
	struct err err = ERR_INIT;
	char *name = xasprintf("jobs-%s", jobs),
	     *path = xasprintf("%s/%s/summary.md", c->dir, name);
	json_t *report;

	CALL(c, "explore", "abba.c", "--seed", "1", "--schedules", "750", "--jobs", jobs, "--out",
	     name, "--quiet");
	exits(c, 1);
	report = report_of(c, name);
	CHECK_NUMBER(number_of(json_object_get(cell_of(report, "abba.c", "explore"),
					       "time_to_detection"),
			       "campaigns"),
		     3);
	CHECK_NUMBER(number_of(cell_of(report, "abba.c", "explore"), "runs"), 750);
	strbuf_addf(&text, "first detection %lld, first run %lld\n",
		    number_of(cell_of(report, "abba.c", "explore"), "first_detection"),
		    number_of(json_array_get(json_object_get(report, "findings"), 0), "first_run"));
	json_decref(report);
	CHECK_NUMBER(fs_read(path, 0, &text, &err), 0);
	free(path);
	free(name);
	return strbuf_detach(&text);
}

static void a_seed_gives_the_same_on_any_number_of_slots(void)
{
	struct call c;
	char *one, *many;

	call_begin(&c);
	scratch_copy(test_fixture("explore/abba.c"), c.dir, "abba.c");
	one = came_to(&c, "1");
	many = came_to(&c, "3");
	CHECK_TEXT(many, one);
	free(one);
	free(many);
	call_end(&c);
}

static void wrong_usage_is_2(void)
{
	static const char *const rows[][4] = {
		{ "explore", NULL },
		{ "explore", "gone.c", NULL },
		{ "explore", "x.c", "--strategy=best", NULL },
		{ "explore", "x.c", "--schedules=0", NULL },
		{ "explore", "x.c", "--depth=17", NULL },
		{ "replay", NULL },
		{ "replay", "a.sched", "b.sched", NULL },
		{ "replay", "a.sched", "--seed=1", NULL },
	};
	struct call c;

	call_begin(&c);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		call_with(&c, NULL, rows[i]);
		exits(&c, 2);
		CHECK_HAS(c.err, "racegate: ");
		CHECK_TEXT(c.out, "");
	}
	CALL(&c, "explore");
	CHECK_HAS(c.err, "explore: name a case, a folder, a C file or a program");
	CALL(&c, "replay");
	CHECK_HAS(c.err, "replay: name one schedule file");
	call_end(&c);
}

void suite_e2e_explore(void)
{
	static const struct test_case cases[] = {
		{ "a race is found, confirmed and followed",
		  a_race_is_found_confirmed_and_followed },
		{ "a deadlock is followed to where all wait",
		  a_deadlock_is_followed_to_where_all_wait },
		{ "a bad outcome is followed", a_bad_outcome_is_followed },
		{ "a search says how far it is complete", a_search_says_how_far_it_is_complete },
		{ "gdb stops where all wait", gdb_stops_where_all_wait },
		{ "gdb stops at the second access of a race",
		  gdb_stops_at_the_second_access_of_a_race },
		{ "a clean file is 0", a_clean_file_is_0 },
		{ "an ending that is accepted is clean", an_ending_that_is_accepted_is_clean },
		{ "what is not controlled is 3", what_is_not_controlled_is_3 },
		{ "what was never explored is 3", what_was_never_explored_is_3 },
		{ "a schedule of other source is 2", a_schedule_of_other_source_is_2 },
		{ "a schedule that is none is 2", a_schedule_that_is_none_is_2 },
		{ "a seed gives the same on any number of slots",
		  a_seed_gives_the_same_on_any_number_of_slots },
		{ "wrong usage is 2", wrong_usage_is_2 },
	};

	test_suite("e2e_explore", cases, ARRAY_SIZE(cases));
}
