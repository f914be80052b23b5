// Sessions loaded and graded, whole, damaged and cut short.
#include "base/child.h"
#include "base/mem.h"
#include "cli/output.h"
#include "report/report.h"
#include "test/session_maker.h"
#include "test/support.h"

#include <stdlib.h>
#include <unistd.h>

static void check_damage(const char *text, size_t damaged, bool incomplete, uint64_t runs)
{
	char *dir = scratch_make();
	struct report report;

	session_make(dir, "complete");
	session_add_run(dir, 1, "own.c", TOOL_NATIVE, "x", false);
	session_add_text(dir, text);
	session_load(dir, &report);
	CHECK_NUMBER(report.damaged_lines, damaged);
	CHECK_AT(text, report.incomplete == incomplete);
	CHECK_NUMBER(report.targets[2].cells[TOOL_NATIVE].cell.runs, runs);
	report_release(&report);
	scratch_drop(dir);
}

#define LINE "{\"run\":2,\"target\":\"own.c\",\"tool\":\"native\",\"ending\":\"exit\",\"code\":0}"

static void damaged_and_cut_lines_are_told_apart(void)
{
	check_damage("", 0, false, 1);
	check_damage(LINE "\n", 0, false, 2);
	check_damage(LINE, 0, false, 2);               // whole but for its newline
	check_damage("{\"run\":2,\"targ", 0, true, 1); // cut while it was written
	check_damage("{\"run\":2,\"targ\n", 1, false, 1);
	check_damage("garbage\n" LINE "\n\n", 2, false, 2);
	check_damage("{\"run\":2,\"target\":\"own.c\",\"tool\":\"none\",\"ending\":\"exit\"}\n", 1,
		     false, 1);
	check_damage("[1,2]\n", 1, false, 1);
}

// Runs are written as they end; which was first is a matter of when they were started.
static void the_first_is_the_first_that_was_started(void)
{
	char *dir = scratch_make();
	struct report report;
	const struct cell *cell;

	session_make(dir, "complete");
	session_add_run(dir, 12, "own.c", TOOL_NATIVE, "late", true);
	session_add_run(dir, 9, "own.c", TOOL_NATIVE, "first", true);
	session_add_run(dir, 10, "own.c", TOOL_NATIVE, "late", true);
	session_load(dir, &report);
	CHECK_NUMBER(report.findings.nr, 1);
	CHECK_NUMBER(report.findings.items[0].first_run, 9);
	cell = &report.targets[2].cells[TOOL_NATIVE].cell;
	CHECK_NUMBER(cell->outcomes.nr, 2);
	CHECK_TEXT(cell->outcomes.items[0].text, "late");
	CHECK_NUMBER(cell->outcomes.items[0].first_run, 10);
	report_release(&report);
	scratch_drop(dir);
}

static void runs_of_canaries_are_nobodys(void)
{
	check_damage(
		"{\"run\":2,\"target\":\"canary/race\",\"tool\":\"tsan\",\"ending\":\"exit\"}\n", 0,
		false, 1);
}

// A run whose target the session does not know was damaged; it must not just vanish.
static void runs_of_unknown_targets_are_damaged_lines(void)
{
	check_damage("{\"run\":2,\"target\":\"owm.c\",\"tool\":\"native\",\"ending\":\"exit\"}\n",
		     1, false, 1);
}

static void check_code(const char *status, const char *extra, int code)
{
	char *dir = scratch_make();
	struct report report;

	session_make(dir, status);
	for (uint64_t i = 0; i < 6; i++) {
		session_add_run(dir, 6 * i + 1, "c/one/racy", TOOL_NATIVE, i ? "sum 0" : "sum 5",
				false);
		session_add_run(dir, 6 * i + 2, "c/one/racy", TOOL_TSAN, "sum 0", true);
		session_add_run(dir, 6 * i + 3, "c/one/fixed", TOOL_NATIVE, "sum 0", false);
		session_add_run(dir, 6 * i + 4, "c/one/fixed", TOOL_TSAN, "sum 0", false);
		session_add_run(dir, 6 * i + 5, "own.c", TOOL_NATIVE, "x", false);
		session_add_run(dir, 6 * i + 6, "own.c", TOOL_TSAN, "x", false);
	}
	session_add_text(dir, extra);
	session_load(dir, &report);
	CHECK_AT(status, output_code(&report) == code);
	report_release(&report);
	scratch_drop(dir);
}

// Runs of own.c: one whose result differs, and one that says nothing.
#define DIFFERS                                                                                    \
	"{\"run\":99,\"target\":\"own.c\",\"tool\":\"native\",\"ending\":\"exit\","                \
	"\"stdout\":\"y\"}\n"
#define SILENT                                                                                     \
	"{\"run\":98,\"target\":\"own.c\",\"tool\":\"tsan\",\"ending\":\"exit\","                  \
	"\"stdout\":\"x\",\"evidence\":\"missing\"}\n"
#define CUT_OFF                                                                                    \
	"{\"run\":97,\"target\":\"own.c\",\"tool\":\"native\",\"ending\":\"limit\","               \
	"\"limit\":\"memory\"}\n"

static void exit_codes_follow_the_verdicts(void)
{
	check_code("complete", "", EXIT_CLEAN);
	check_code("complete", DIFFERS, EXIT_FINDINGS);
	check_code("complete", SILENT, EXIT_ERROR);
	check_code("complete", CUT_OFF, EXIT_ERROR);
	check_code("complete", "garbage\n", EXIT_ERROR);
}

static void findings_are_never_hidden_by_trouble(void)
{
	check_code("complete", SILENT DIFFERS, EXIT_FINDINGS);
	check_code("complete", CUT_OFF DIFFERS, EXIT_FINDINGS);
	check_code("complete", "garbage\n" DIFFERS, EXIT_FINDINGS);
	check_code("interrupted", DIFFERS, EXIT_FINDINGS);
}

static void of_two_exit_codes_the_worse_one_counts(void)
{
	static const int ranks[] = { EXIT_CLEAN, EXIT_NOTHING, EXIT_ERROR, EXIT_FINDINGS,
				     EXIT_WRONG };

	for (size_t i = 0; i < ARRAY_SIZE(ranks); i++)
		for (size_t k = 0; k < ARRAY_SIZE(ranks); k++)
			CHECK_NUMBER(worse_code(ranks[i], ranks[k]), ranks[i > k ? i : k]);
}

// What was cut short, or cells that had no run, were not seen: that is not clean.
static void an_unfinished_session_is_never_clean(void)
{
	check_code("interrupted", "", EXIT_ERROR);
	check_code("running", "", EXIT_ERROR);
	check_code("failed", "", EXIT_ERROR);
	check_code("complete", "{\"run\":99,\"tar", EXIT_ERROR);
}

static void a_cell_without_a_run_is_never_clean(void)
{
	char *dir = scratch_make();
	struct report report;

	session_make(dir, "complete");
	session_add_run(dir, 1, "own.c", TOOL_NATIVE, "x", false);
	session_load(dir, &report);
	CHECK_NUMBER(report.verdicts[VERDICT_SKIPPED], 5);
	CHECK_NUMBER(output_code(&report), EXIT_ERROR);
	report_release(&report);
	scratch_drop(dir);
	dir = scratch_make();
	session_make(dir, "complete");
	session_load(dir, &report);
	CHECK_NUMBER(output_code(&report), EXIT_NOTHING);
	report_release(&report);
	scratch_drop(dir);
}

static void not_loaded(const char *dir, const char *says)
{
	struct err err = ERR_INIT;
	struct report report;

	CHECK_AT(says, report_load(dir, NULL, &report, &err) == -1);
	CHECK_NUMBER(err.class, ERR_INPUT);
	CHECK_HAS(err.text, says);
}

// Nine runs; then somebody edits the file. NULL: what is wrong with it is nothing.
static void check_edited(const char *expression, const char *says)
{
	char *dir = scratch_make(), *runs = xasprintf("%s/runs.jsonl", dir);
	const char *const argv[] = { "sed", "-i", "-e", expression, runs, NULL };
	struct child_spec sed = CHILD_SPEC_INIT;
	struct strbuf printed = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct report report;
	int status = -1;

	session_make(dir, "complete");
	for (uint64_t i = 1; i <= 9; i++)
		session_add_run(dir, i, "own.c", i % 2 ? TOOL_NATIVE : TOOL_TSAN, "x", false);
	session_close(dir);
	sed.argv = argv;
	CU_ASSERT_EQUAL_FATAL(child_capture(&sed, 300000, &printed, &status, &err), 0);
	CHECK_NUMBER(status, 0);
	CU_ASSERT_EQUAL_FATAL(report_load(dir, NULL, &report, &err), 0);
	if (says) {
		render_text(&report, &(struct render_options){ 0 }, &printed);
		CHECK_HAS(report.damage, says);
		CHECK_HAS(printed.buf, "This session is incomplete: runs.jsonl is not what");
		// The edited line may be a finding.
		CHECK_NUMBER(output_code(&report),
			     report.verdicts[VERDICT_FAIL] ? EXIT_FINDINGS : EXIT_ERROR);
	} else {
		CU_ASSERT_PTR_NULL(report.damage);
	}
	CHECK_AT(expression, report.incomplete == (says != NULL));
	report_release(&report);
	strbuf_release(&printed);
	free(runs);
	scratch_drop(dir);
}

static void a_line_that_is_not_as_it_was_written_is_named(void)
{
	check_edited("", NULL);
	check_edited("d", "(9 lines): runs 1-9 are missing");
	check_edited("3,4d;9d", ": runs 3-4, 9 are missing");
	check_edited("1d", ": run 1 is missing");
	check_edited("2p", ": run 2 is there twice");
	check_edited("5s/\"x\"/\"y\"/", ": run 5 was changed");
	check_edited("5s/.*/rubbish/", ": run 5 is missing; line 5 is unreadable");
	check_edited("9s/..$//", "run 9 was changed");
	// Each line is as it was written, but not their order.
	check_edited("1h;1d;2G", ": all of it was changed");
	check_edited("s/\"code\":0/\"code\":3/;2d", "run 2 is missing; runs 1, 3-9 were changed");
}

// What was killed was perhaps writing; what it had written before must still be so.
static void a_session_that_never_ended_says_what_was_changed(void)
{
	char *dir = scratch_make(), *whole, *edited;
	struct err err = ERR_INIT;
	struct report report;

	session_make(dir, "running");
	for (uint64_t i = 1; i <= 3; i++)
		session_add_run(dir, i, "own.c", TOOL_NATIVE, "x", false);
	session_add_text(dir, "{\"run\":4,\"tar");
	CU_ASSERT_EQUAL_FATAL(report_load(dir, NULL, &report, &err), 0);
	CU_ASSERT_PTR_NULL(report.damage);
	CU_ASSERT_TRUE(report.incomplete);
	CHECK_NUMBER(report.targets[2].cells[TOOL_NATIVE].cell.runs, 3);
	report_release(&report);
	whole = scratch_read(dir, "runs.jsonl");
	edited = text_replace(whole, "\"x\"", "\"y\"");
	scratch_write(dir, "runs.jsonl", edited);
	CU_ASSERT_EQUAL_FATAL(report_load(dir, NULL, &report, &err), 0);
	CHECK_HAS(report.damage, "was changed");
	report_release(&report);
	free(whole);
	free(edited);
	scratch_drop(dir);
}

static void a_finished_session_says_how_many_runs_it_had(void)
{
	char *dir = scratch_make();
	struct err err = ERR_INIT;
	struct report report;

	session_make(dir, "complete");
	session_add_run(dir, 1, "own.c", TOOL_NATIVE, "x", false);
	CU_ASSERT_EQUAL_FATAL(report_load(dir, NULL, &report, &err), 0);
	CHECK_HAS(report.damage, "does not say how many runs there were");
	CU_ASSERT_TRUE(report.incomplete);
	report_release(&report);
	scratch_drop(dir);
}

static void without_its_runs_a_session_is_incomplete(void)
{
	char *dir = scratch_make(), *runs = xasprintf("%s/runs.jsonl", dir);
	struct err err = ERR_INIT;
	struct report report;

	session_make(dir, "complete");
	CU_ASSERT_EQUAL_FATAL(unlink(runs), 0);
	CU_ASSERT_EQUAL_FATAL(report_load(dir, NULL, &report, &err), 0);
	CHECK_HAS(report.damage, "runs.jsonl cannot be opened: No such file");
	CHECK_NUMBER(output_code(&report), EXIT_ERROR);
	report_release(&report);
	free(runs);
	scratch_drop(dir);
}

static void what_is_no_session_is_refused_with_its_place(void)
{
	char *dir = scratch_make();

	not_loaded("/nowhere", "/nowhere: not a session folder");
	not_loaded(dir, "not a session folder");
	session_make(dir, "complete");
	scratch_write(dir, "session.json", "{\n \"schema\": }\n");
	not_loaded(dir, "session.json:2:");
	scratch_write(dir, "session.json", "{\"schema\":\"racegate-session/9\"}");
	not_loaded(dir, "schema is 'racegate-session/9'");
	scratch_write(dir, "session.json", "[]");
	not_loaded(dir, "schema is ''");
	session_make(dir, "complete");
	scratch_write(dir, "cases/c/one/case.yaml", "title: x\n");
	not_loaded(dir, "c/one");
	scratch_drop(dir);
}

static void cases_of_elsewhere_regrade_a_session(void)
{
	char *dir = session_make_mixed("complete"), *cases = xasprintf("%s/cases", dir), *yaml,
	     *graded;
	struct err err = ERR_INIT;
	struct report report;

	yaml = scratch_read(cases, "c/one/case.yaml");
	graded = text_replace(yaml, "{result: \"sum *\", racy: interesting",
			      "{result: \"sum *\", racy: forbidden");
	scratch_write(cases, "c/one/case.yaml", graded);
	session_close(dir);
	CU_ASSERT_EQUAL_FATAL(report_load(dir, &(struct regrade){ .cases = cases }, &report, &err),
			      0);
	CHECK_NUMBER(report.targets[0].cells[TOOL_NATIVE].verdict.status, VERDICT_FAIL);
	report_release(&report);
	free(yaml);
	free(graded);
	free(cases);
	scratch_drop(dir);
}

void suite_report_load(void)
{
	static const struct test_case cases[] = {
		{ "damaged and cut lines are told apart", damaged_and_cut_lines_are_told_apart },
		{ "the first is the first that was started",
		  the_first_is_the_first_that_was_started },
		{ "runs of canaries are nobody's", runs_of_canaries_are_nobodys },
		{ "runs of unknown targets are damaged lines",
		  runs_of_unknown_targets_are_damaged_lines },
		{ "exit codes follow the verdicts", exit_codes_follow_the_verdicts },
		{ "findings are never hidden by trouble", findings_are_never_hidden_by_trouble },
		{ "of two exit codes the worse one counts",
		  of_two_exit_codes_the_worse_one_counts },
		{ "an unfinished session is never clean", an_unfinished_session_is_never_clean },
		{ "a cell without a run is never clean", a_cell_without_a_run_is_never_clean },
		{ "a line that is not as it was written is named",
		  a_line_that_is_not_as_it_was_written_is_named },
		{ "a session that never ended says what was changed",
		  a_session_that_never_ended_says_what_was_changed },
		{ "a finished session says how many runs it had",
		  a_finished_session_says_how_many_runs_it_had },
		{ "without its runs a session is incomplete",
		  without_its_runs_a_session_is_incomplete },
		{ "what is not a session is refused with its place",
		  what_is_no_session_is_refused_with_its_place },
		{ "cases of elsewhere regrade a session", cases_of_elsewhere_regrade_a_session },
	};

	test_suite("report_load", cases, ARRAY_SIZE(cases));
}
