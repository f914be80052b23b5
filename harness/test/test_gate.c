// What fails a program of somebody's own: what was asked for, kept with the session, asked anew.
#include "base/mem.h"
#include "catalog/gate.h"
#include "cli/options.h"
#include "judge/assess.h"
#include "test/graded.h"
#include "test/session_maker.h"
#include "test/support.h"

#include <stdlib.h>

static void a_gate_is_the_same_after_it_was_written(void)
{
	for (int s = 0; s < SEVERITY_NR; s++) {
		const struct gate gate = { .fail_on = s };
		json_t *json = gate_to_json(&gate);
		struct gate again;

		gate_from_json(json, &again);
		CHECK_NUMBER(again.fail_on, gate.fail_on);
		json_decref(json);
	}
}

static void exit_statuses_are_accepted_as_listed(void)
{
	static const char *const wrong[] = { "", "x", "1,", "1;2", "256", "-1", "1,,2" };
	struct gate gate = { 0 }, again;
	struct err err = ERR_INIT;
	json_t *json;

	CU_ASSERT_EQUAL(gate_add_exits(&gate, "3,31,32,255", &err), 0);
	json = gate_to_json(&gate);
	gate_from_json(json, &again);
	json_decref(json);
	for (int status = -1; status <= 256; status++) {
		const bool listed =
			!status || status == 3 || status == 31 || status == 32 || status == 255;

		CU_ASSERT_EQUAL(gate_accepts(&gate, status), listed);
		CU_ASSERT_EQUAL(gate_accepts(&again, status), listed);
	}
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		CU_ASSERT_EQUAL(gate_add_exits(&gate, wrong[i], &err), -1);
		CHECK_HAS(err.text, "is not a list of exit statuses from 0 to 255");
	}
}

static void what_no_session_says_is_as_usual(void)
{
	struct gate gate = { .fail_on = SEVERITY_NOTE };
	json_t *odd = json_pack("{s:s}", "fail_on", "never");

	gate_from_json(NULL, &gate);
	CHECK_NUMBER(gate.fail_on, SEVERITY_ERROR);
	gate.fail_on = SEVERITY_NOTE;
	gate_from_json(odd, &gate);
	CHECK_NUMBER(gate.fail_on, SEVERITY_ERROR);
	json_decref(odd);
}

static void a_severity_is_an_option_value_and_nothing_else_is(void)
{
	const option_set set = OPTION_BIT(FAIL_ON);
	char *argv[] = { "check", "--fail-on", NULL, NULL };
	struct err err = ERR_INIT;
	struct options options;

	for (int s = 0; s < SEVERITY_NR; s++) {
		argv[2] = (char *)severity_name(s);
		CU_ASSERT_EQUAL(options_parse(&options, set, 3, argv, &err), 0);
		CHECK_NUMBER(options.settings.gate.fail_on, s);
	}
	argv[2] = "warn";
	CU_ASSERT_EQUAL(options_parse(&options, set, 3, argv, &err), -1);
	CHECK_HAS(err.text, "'warn' is not a severity; choose from error, warning, note");
}

static void the_usual_is_that_errors_count(void)
{
	static const struct {
		enum finding_kind kind;
		bool detected;
	} rows[] = {
		{ KIND_DATA_RACE, true },        { KIND_LOCK_ORDER, true },
		{ KIND_LOCK_INVERSION, false },  { KIND_THREAD_LEAK, false },
		{ KIND_EXIT_WITH_LOCK, false },  { KIND_LOCK_HELD_AT_EXIT, true },
		{ KIND_SIGNAL_UNLOCKED, false }, { KIND_OTHER, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct record record = run_of(TOOL_DRD, "out");
		struct assessment a;

		add(&record.findings, rows[i].kind, "words");
		assess(&own, &record, &a);
		CHECK_AT(kind_name(rows[i].kind), a.detected == rows[i].detected);
		CHECK_AT(kind_name(rows[i].kind), a.noted == !rows[i].detected);
		CHECK_AT(kind_name(rows[i].kind), (a.note != NULL) == a.noted);
		assessment_release(&a);
		record_release(&record);
	}
}

// A note in two of three runs.
static char *make_noted(void)
{
	char *dir = scratch_make();

	session_make(dir, "complete");
	for (uint64_t run = 1; run <= 3; run++) {
		struct record record = session_run_of(run, "own.c", TOOL_TSAN, "out");

		if (run > 1)
			*VEC_PUSH(&record.findings) =
				(struct finding){ .kind = KIND_THREAD_LEAK,
						  .words = xstrdup("thread leak") };
		session_add(dir, &record);
		record_release(&record);
	}
	return dir;
}

static void a_note_is_said_and_does_not_fail(void)
{
	char *dir = make_noted();
	struct report report;

	session_load(dir, &report);
	const struct report_cell *rc = &report.targets[2].cells[TOOL_TSAN];

	CHECK_NUMBER(rc->verdict.status, VERDICT_PASS);
	CHECK_TEXT(rc->verdict.observed, "notes");
	CHECK_TEXT(rc->verdict.reason,
		   "clean in 3 runs, but for notes in 2; the first: thread-leak: thread leak "
		   "(run 2)");
	CHECK_NUMBER(rc->cell.noted, 2);
	report_release(&report);
	scratch_drop(dir);
}

static void a_session_is_graded_again_by_another_severity(void)
{
	const struct regrade notes = { .fail_on_given = true, .fail_on = SEVERITY_NOTE };
	char *dir = make_noted();
	struct err err = ERR_INIT;
	struct report report;

	CU_ASSERT_EQUAL_FATAL(report_load(dir, &notes, &report, &err), 0);
	const struct report_cell *rc = &report.targets[2].cells[TOOL_TSAN];

	CHECK_NUMBER(rc->verdict.status, VERDICT_FAIL);
	CHECK_TEXT(rc->verdict.reason, "findings in 2 of 3 runs");
	CHECK_NUMBER(rc->cell.noted, 0);
	report_release(&report);
	scratch_drop(dir);
}

void suite_gate(void)
{
	static const struct test_case cases[] = {
		{ "a gate is the same after it was written",
		  a_gate_is_the_same_after_it_was_written },
		{ "exit statuses are accepted as listed", exit_statuses_are_accepted_as_listed },
		{ "what no session says is as usual", what_no_session_says_is_as_usual },
		{ "a severity is an option's value, and nothing else is",
		  a_severity_is_an_option_value_and_nothing_else_is },
		{ "the usual is that errors count", the_usual_is_that_errors_count },
		{ "a note is said and does not fail", a_note_is_said_and_does_not_fail },
		{ "a session is graded again by another severity",
		  a_session_is_graded_again_by_another_severity },
	};

	test_suite("gate", cases, ARRAY_SIZE(cases));
}
