// The scoreboard as text, Markdown and JSON, and what a report puts on it.
#include "base/mem.h"
#include "report/render_scoreboard.h"
#include "test/scores.h"

#include <stdlib.h>
#include <string.h>

static size_t widest(const char *text)
{
	size_t wide = 0, width = 0;

	for (; *text; text++) {
		width = *text == '\n' ? 0 : width + (((unsigned char)*text & 0xC0) != 0x80);
		wide = width > wide ? width : wide;
	}
	return wide;
}

static void the_text_says_what_was_measured_in_80_columns(void)
{
	struct testcase race =
		case_of("f/race", CLASS_DATA_RACE, KIND_BIT(KIND_DATA_RACE), ANSWER_DETECTS);
	struct testcase lock =
		case_of("f/lock", CLASS_DEADLOCK, KIND_BIT(KIND_LOCK_ORDER), ANSWER_DETECTS);
	struct testcase atomic = case_of("f/atomic", CLASS_ATOMICITY, 0, ANSWER_SILENT);
	struct scoreboard board = { 0 };
	struct strbuf out = STRBUF_INIT;

	fill(&board, &race, &lock, &atomic);
	put(&board, &race, VARIANT_RACY, TOOL_DRD, (struct cell){ .runs = 0 });
	score_text(&board, NULL, 0, &ink_none, &out);
	CHECK_HAS(out.buf, "Liao et al., SC 2017");
	CHECK_HAS(out.buf,
		  "  tsan        2   1   1   1  0.667 0.500 0.667 0.667 0.600 0.833 0.500   2/3\n");
	CHECK_HAS(out.buf,
		  "  tsan        2   1   1   0  1.000 0.500 0.667 0.800 0.750 1.000 0.750   2/2\n");
	CHECK_HAS(out.buf,
		  "  tsan        0   0   0   1  0.000     –     – 0.000 0.000 0.500 0.000   0/1\n");
	CHECK_HAS(out.buf,
		  "  drd         0   0   0   0      –     –     –     –     –     –     –   0/0\n");
	CHECK_HAS(out.buf, "drd: 1 not measured, so not counted (");
	CHECK_HAS(out.buf, "15/30           2/20      2.5      4\n");
	CHECK_HAS(out.buf, "Class deadlock\n");
	CU_ASSERT_PTR_NULL(strstr(out.buf, "Class isolation"));
	CU_ASSERT_PTR_NULL(strstr(out.buf, "nan"));
	CU_ASSERT(widest(out.buf) <= 80);
	strbuf_reset(&out);
	score_text_brief(&board, &ink_none, &out);
	CHECK_HAS(out.buf,
		  "  tsan        2   1   1   1  0.667 0.500 0.667 0.667 0.600 0.833  1.000");
	CU_ASSERT(widest(out.buf) <= 80);
	strbuf_reset(&out);
	score_markdown(&board, &out);
	CHECK_HAS(out.buf, "| tsan | 2 | 1 | 1 | 1 | 0.667 | 0.500 | 0.667 | 0.667 | 0.600 | 0.833 "
			   "| 1.000 | 0 |\n");
	strbuf_release(&out);
	scoreboard_release(&board);
}

static void one_case_alone_is_no_table_in_a_report(void)
{
	struct testcase race =
		case_of("f/race", CLASS_DATA_RACE, KIND_BIT(KIND_DATA_RACE), ANSWER_DETECTS);
	struct scoreboard board = { 0 };
	struct strbuf out = STRBUF_INIT;

	put(&board, &race, VARIANT_RACY, TOOL_DRD, (struct cell)TEN(.detected = 1));
	put(&board, &race, VARIANT_FIXED, TOOL_DRD, (struct cell)TEN(.detected = 0));
	score_text_brief(&board, &ink_none, &out);
	score_markdown(&board, &out);
	CHECK_TEXT(out.buf, "");
	CHECK_NUMBER(score_cases(&board), 1);
	scoreboard_release(&board);
	strbuf_release(&out);
}

static const json_t *at(const json_t *json, const char *path)
{
	char *copy = xstrdup(path), *rest, *key;

	for (key = strtok_r(copy, "/", &rest); key; key = strtok_r(NULL, "/", &rest))
		json = json_object_get(json, key);
	free(copy);
	return json;
}

static void the_json_has_null_for_what_is_undefined(void)
{
	struct testcase atomic = case_of("f/atomic", CLASS_ATOMICITY, 0, ANSWER_SILENT);
	struct scoreboard board = { 0 };
	const json_t *tool;
	json_t *json;

	put(&board, &atomic, VARIANT_RACY, TOOL_TSAN, (struct cell)TEN(.cpu_ns = 500000000));
	json = score_json(&board);
	tool = json_array_get(json_object_get(json, "tools"), 0);
	CHECK_NUMBER(json_array_size(json_object_get(json, "tools")), 1);
	CHECK_TEXT(json_string_value(json_object_get(tool, "tool")), "tsan");
	CHECK_NUMBER(json_integer_value(at(tool, "all/fn")), 1);
	CHECK_NUMBER(json_integer_value(at(tool, "in_kind/fn")), 0);
	CHECK_NUMBER(json_integer_value(at(tool, "classes/atomicity/all/fn")), 1);
	CU_ASSERT_PTR_NULL(at(tool, "classes/deadlock"));
	check_ratio("recall", json_real_value(at(tool, "all/recall")), 0);
	CU_ASSERT(json_is_null(at(tool, "all/precision")));
	CU_ASSERT(json_is_null(at(tool, "all/first_detection/median")));
	CU_ASSERT(json_is_null(at(tool, "in_kind/recall")));
	check_ratio("CPU seconds", json_real_value(at(tool, "all/cpu_seconds")), 0.5);
	CU_ASSERT(json_object_size(json_object_get(json, "definitions")) > 8);
	json_decref(json);
	scoreboard_release(&board);
}

// A report as it is loaded: one case, both variants, two tools; a program without a case.
static void a_report_gives_what_it_asked_about_cases(void)
{
	struct testcase tc =
		case_of("f/c", CLASS_DATA_RACE, KIND_BIT(KIND_DATA_RACE), ANSWER_DETECTS);
	struct target targets[] = { { .tc = &tc, .variant = VARIANT_RACY },
				    { .tc = &tc, .variant = VARIANT_FIXED },
				    { .id = "own.c" } };
	struct report_target cells[ARRAY_SIZE(targets)] = { 0 };
	struct report report = { .list = { .items = targets, .nr = ARRAY_SIZE(targets) },
				 .targets = cells };
	struct scoreboard board = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		cells[i].target = &targets[i];
		for (int t = 0; t < TOOL_NR; t++) {
			cell_init(&cells[i].cells[t].cell, &targets[i], (enum tool_id)t);
			cells[i].cells[t].cell.runs = 10;
		}
		cells[i].cells[TOOL_TSAN].asked = true;
	}
	cells[0].cells[TOOL_DRD].asked = true;
	cells[0].cells[TOOL_DRD].build_log = "no";
	score_collect(&report, &board);
	CHECK_NUMBER(board.nr, 3);
	CHECK_NUMBER(sum(&board, TOOL_TSAN, false, -1).fn, 1);
	CHECK_NUMBER(sum(&board, TOOL_TSAN, false, -1).tn, 1);
	CHECK_NUMBER(sum(&board, TOOL_DRD, false, -1).unsupported, 1);
	scoreboard_release(&board);
}

void suite_scoreboard_report(void)
{
	static const struct test_case cases[] = {
		{ "the text says what was measured, in 80 columns",
		  the_text_says_what_was_measured_in_80_columns },
		{ "one case alone is no table in a report",
		  one_case_alone_is_no_table_in_a_report },
		{ "the JSON has null for what is undefined",
		  the_json_has_null_for_what_is_undefined },
		{ "a report gives what it asked about cases",
		  a_report_gives_what_it_asked_about_cases },
	};

	test_suite("scoreboard_report", cases, ARRAY_SIZE(cases));
}
