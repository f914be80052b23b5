// One bug, one entry, over runs and tools.
#include "base/mem.h"
#include "report/report.h"
#include "test/session_maker.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

struct session {
	char *dir;
	uint64_t runs;
	struct report report;
};

static void begin(struct session *s)
{
	*s = (struct session){ .dir = scratch_make() };
	session_make(s->dir, "complete");
}

static void end(struct session *s)
{
	report_release(&s->report);
	scratch_drop(s->dir);
}

#define NOTHING NULL, 0, NULL, 0

// A run of the racy variant with one race, or none.
static void add_run(struct session *s, enum tool_id tool, const char *f, int a, const char *g,
		    int b)
{
	struct record record = session_run_of(++s->runs, "c/one/racy", tool, "sum 0");

	if (f)
		session_add_race(&record, f, a, g, b);
	session_add(s->dir, &record);
	record_release(&record);
}

static void the_same_bug_of_several_runs_and_tools_is_one_entry(void)
{
	struct session s;
	const struct bug *m;

	begin(&s);
	add_run(&s, TOOL_TSAN, NOTHING);
	add_run(&s, TOOL_TSAN, "put", 1, "get", 5);
	add_run(&s, TOOL_TSAN, "get", 6, "put", 2); // other lines, other order
	add_run(&s, TOOL_NATIVE, "put", 1, "get", 5);
	session_load(s.dir, &s.report);
	CU_ASSERT_EQUAL_FATAL(s.report.findings.nr, 1);
	m = &s.report.findings.items[0];
	CHECK_NUMBER(m->tools[TOOL_TSAN], 2);
	CHECK_NUMBER(m->tools[TOOL_NATIVE], 1);
	CHECK_NUMBER(m->tools[TOOL_DRD], 0);
	CHECK_NUMBER(m->first_run, 2);
	CHECK_NUMBER(m->first_seed, 6);
	CHECK_NUMBER(m->first_tool, TOOL_TSAN);
	CHECK_HAS(m->id, "data-race-");
	CHECK_NUMBER(strlen(m->id), strlen("data-race-") + 16);
	end(&s);
}

static void the_same_report_twice_in_a_run_counts_once(void)
{
	struct session s;
	struct record record;

	begin(&s);
	record = session_run_of(1, "c/one/racy", TOOL_TSAN, "sum 0");
	session_add_race(&record, "put", 1, "get", 5);
	session_add_race(&record, "put", 2, "get", 6);
	session_add(s.dir, &record);
	record_release(&record);
	session_load(s.dir, &s.report);
	CHECK_NUMBER(s.report.findings.nr, 1);
	CHECK_NUMBER(s.report.findings.items[0].tools[TOOL_TSAN], 1);
	end(&s);
}

static void different_bugs_and_targets_stay_apart(void)
{
	struct session s;
	struct record record;

	begin(&s);
	add_run(&s, TOOL_TSAN, "put", 1, "get", 5);
	add_run(&s, TOOL_TSAN, "put", 1, "clear", 9);
	record = session_run_of(3, "own.c", TOOL_TSAN, "x");
	session_add_race(&record, "put", 1, "get", 5);
	session_add(s.dir, &record);
	record_release(&record);
	session_load(s.dir, &s.report);
	CU_ASSERT_EQUAL_FATAL(s.report.findings.nr, 3);
	CHECK_NUMBER(s.report.findings.items[0].target, 0);
	CHECK_NUMBER(s.report.findings.items[1].target, 0);
	CHECK_NUMBER(s.report.findings.items[2].target, 2);
	CHECK_NUMBER(s.report.findings.items[0].first_run, 1);
	CHECK_AT("ids differ by target",
		 strcmp(s.report.findings.items[0].id, s.report.findings.items[2].id) != 0);
	end(&s);
}

static void a_part_folds_into_the_whole(void)
{
	struct session s;
	const struct bug *m;

	begin(&s);
	add_run(&s, TOOL_NATIVE, "put", 1, NULL, 0); // one stack of two, as DRD tells it
	add_run(&s, TOOL_TSAN, "put", 1, "get", 5);
	session_load(s.dir, &s.report);
	CU_ASSERT_EQUAL_FATAL(s.report.findings.nr, 1);
	m = &s.report.findings.items[0];
	CHECK_NUMBER(m->finding.accesses.nr, 2);
	CHECK_NUMBER(m->tools[TOOL_NATIVE], 1);
	CHECK_NUMBER(m->tools[TOOL_TSAN], 1);
	CHECK_NUMBER(m->first_run, 1);
	CHECK_NUMBER(m->first_tool, TOOL_NATIVE);
	end(&s);
}

// A run that reported both the part and the whole is one run.
static void folding_counts_every_run_once(void)
{
	struct session s;

	begin(&s);
	for (int i = 0; i < 10; i++) {
		struct record record = session_run_of(++s.runs, "c/one/racy", TOOL_TSAN, "sum 0");

		if (i < 4) {
			session_add_race(&record, "put", 1, "get", 5);
			session_add_race(&record, "put", 1, NULL, 0);
		}
		if (i == 4)
			session_add_race(&record, "put", 1, NULL, 0);
		session_add(s.dir, &record);
		record_release(&record);
	}
	session_load(s.dir, &s.report);
	CU_ASSERT_EQUAL_FATAL(s.report.findings.nr, 1);
	CHECK_NUMBER(s.report.findings.items[0].tools[TOOL_TSAN], 5);
	end(&s);
}

static void the_report_that_tells_most_is_shown(void)
{
	struct session s;
	struct record record;

	begin(&s);
	add_run(&s, TOOL_TSAN, "put", 1, "get", 5);
	record = session_run_of(2, "c/one/racy", TOOL_TSAN, "sum 0");
	struct finding *finding = session_add_race(&record, "put", 1, "get", 5);

	stack_add(&finding->accesses.items[0].stack, "main", "cases/c/one/racy.c", 9, 0, "racy");
	session_add(s.dir, &record);
	record_release(&record);
	session_load(s.dir, &s.report);
	CU_ASSERT_EQUAL_FATAL(s.report.findings.nr, 1);
	CHECK_NUMBER(s.report.findings.items[0].finding.accesses.items[0].stack.nr, 2);
	CHECK_NUMBER(s.report.findings.items[0].first_run, 1);
	end(&s);
}

// However many frames others have: its schedule shows the very same.
static void what_the_explorer_confirmed_is_shown_rather(void)
{
	struct session s;
	struct record record;
	struct finding *finding;

	begin(&s);
	record = session_run_of(1, "c/one/racy", TOOL_TSAN, "sum 0");
	finding = session_add_race(&record, "put", 1, "get", 5);
	stack_add(&finding->accesses.items[0].stack, "main", "cases/c/one/racy.c", 9, 0, "racy");
	session_add(s.dir, &record);
	record_release(&record);
	record = session_run_of(2, "c/one/racy", TOOL_EXPLORE, "sum 0");
	finding = session_add_race(&record, "put", 2, "get", 6);
	finding->schedule = xstrdup("schedules/x.sched");
	finding->hits = 7;
	session_add(s.dir, &record);
	record_release(&record);
	session_load(s.dir, &s.report);
	CU_ASSERT_EQUAL_FATAL(s.report.findings.nr, 1);
	CHECK_NUMBER(s.report.findings.items[0].finding.accesses.items[0].stack.nr, 1);
	CHECK_TEXT(s.report.findings.items[0].schedule, "schedules/x.sched");
	CHECK_NUMBER(s.report.findings.items[0].tools[TOOL_EXPLORE], 7);
	end(&s);
}

// It is no tool under which only the harness saw something.
static void the_explorers_share_is_its_own(void)
{
	struct session s;
	struct strbuf text = STRBUF_INIT;
	struct bug bug = { .by_harness = true,
			   .tools = { [TOOL_NATIVE] = 3, [TOOL_EXPLORE] = 20 } };
	struct report_cell *cells;

	begin(&s);
	add_run(&s, TOOL_NATIVE, NOTHING);
	session_load(s.dir, &s.report);
	cells = s.report.targets[0].cells;
	cells[TOOL_NATIVE].cell.runs = 5;
	cells[TOOL_TSAN].cell.runs = 0;
	report_finding_rates(&s.report, &bug, &text);
	CHECK_TEXT(text.buf, "seen by the harness in runs under native 3/5");
	strbuf_reset(&text);
	cells[TOOL_EXPLORE].asked = true;
	cells[TOOL_EXPLORE].cell.runs = 100;
	report_finding_rates(&s.report, &bug, &text);
	CHECK_TEXT(text.buf, "seen by the harness in runs under native 3/5; reported by explore "
			     "20/100 schedules");
	strbuf_reset(&text);
	bug.by_harness = false;
	report_finding_rates(&s.report, &bug, &text);
	CHECK_TEXT(text.buf, "native 3/5, explore 20/100 schedules");
	strbuf_release(&text);
	end(&s);
}

static void the_first_log_that_was_kept_is_named(void)
{
	struct session s;
	struct record record;

	begin(&s);
	add_run(&s, TOOL_TSAN, "put", 1, "get", 5);
	for (uint64_t run = 2; run <= 3; run++) {
		record = session_run_of(run, "c/one/racy", TOOL_TSAN, "sum 0");
		session_add_race(&record, "put", 1, "get", 5);
		record.logs = xcalloc(1, sizeof(*record.logs));
		record.logs[record.nr_logs++] = xasprintf("logs/%d", (int)run);
		session_add(s.dir, &record);
		record_release(&record);
	}
	session_load(s.dir, &s.report);
	CHECK_TEXT(s.report.findings.items[0].log, "logs/2");
	end(&s);
}

static void ids_do_not_change_with_the_order_of_runs(void)
{
	struct session a, b;

	begin(&a);
	begin(&b);
	add_run(&a, TOOL_TSAN, "put", 1, "get", 5);
	add_run(&a, TOOL_TSAN, "put", 1, "clear", 9);
	add_run(&b, TOOL_NATIVE, "clear", 40, "put", 31);
	add_run(&b, TOOL_TSAN, "get", 25, "put", 31);
	session_load(a.dir, &a.report);
	session_load(b.dir, &b.report);
	CU_ASSERT_EQUAL_FATAL(a.report.findings.nr, 2);
	CU_ASSERT_EQUAL_FATAL(b.report.findings.nr, 2);
	CHECK_TEXT(a.report.findings.items[0].id, b.report.findings.items[1].id);
	CHECK_TEXT(a.report.findings.items[1].id, b.report.findings.items[0].id);
	end(&a);
	end(&b);
}

static void the_harnesss_own_findings_are_entries_too(void)
{
	struct session s;
	struct record record;

	begin(&s);
	record = session_run_of(1, "own.c", TOOL_NATIVE, "");
	record.how = ENDING_HANG;
	VEC_PUSH(&record.endings)->kind = KIND_HANG;
	session_add(s.dir, &record);
	record_release(&record);
	session_load(s.dir, &s.report);
	CU_ASSERT_EQUAL_FATAL(s.report.findings.nr, 1);
	CHECK_HAS(s.report.findings.items[0].id, "hang-");
	end(&s);
}

void suite_merge(void)
{
	static const struct test_case cases[] = {
		{ "the same bug of several runs and tools is one entry",
		  the_same_bug_of_several_runs_and_tools_is_one_entry },
		{ "the same report twice in a run counts once",
		  the_same_report_twice_in_a_run_counts_once },
		{ "different bugs and targets stay apart", different_bugs_and_targets_stay_apart },
		{ "a part folds into the whole", a_part_folds_into_the_whole },
		{ "folding counts every run once", folding_counts_every_run_once },
		{ "the report that tells most is shown", the_report_that_tells_most_is_shown },
		{ "what the explorer confirmed is shown rather",
		  what_the_explorer_confirmed_is_shown_rather },
		{ "the explorer's share is its own", the_explorers_share_is_its_own },
		{ "the first log that was kept is named", the_first_log_that_was_kept_is_named },
		{ "ids do not change with the order of runs",
		  ids_do_not_change_with_the_order_of_runs },
		{ "the harness's own findings are entries too",
		  the_harnesss_own_findings_are_entries_too },
	};

	test_suite("merge", cases, ARRAY_SIZE(cases));
}
