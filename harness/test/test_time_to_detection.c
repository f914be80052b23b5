// How soon campaigns catch a case: what counts, and what is said of it.
#include "base/mem.h"
#include "judge/time_to_detection.h"
#include "judge/verdict.h"
#include "report/campaigns.h"
#include "test/graded.h"
#include "test/scores.h"
#include "test/support.h"

#include <math.h>
#include <stdlib.h>

static struct time_to_detection until(const uint64_t *firsts, size_t nr)
{
	struct campaign_list list = { 0 };
	struct time_to_detection ttd;

	for (size_t i = 0; i < nr; i++)
		*VEC_PUSH(&list) = (struct campaign_count){ i, 1000, firsts[i] };
	time_to_detection_of(&list, &ttd);
	free(list.items);
	return ttd;
}

static void median_and_largest(void)
{
	struct time_to_detection u = until((const uint64_t[]){ 9, 1, 51, 50, 2 }, 5);

	CHECK_NUMBER(u.campaigns, 5);
	CHECK_NUMBER(u.detected, 5);
	CHECK_NUMBER(u.few, 4);
	CHECK_NUMBER(u.schedules, 5000);
	check_ratio("odd", u.median, 9);
	CHECK_NUMBER(u.most, 51);
	u = until((const uint64_t[]){ 4, 1, 8, 3 }, 4);
	check_ratio("even", u.median, 3.5);
	u = until((const uint64_t[]){ 7 }, 1);
	check_ratio("one", u.median, 7);
}

// It would have needed more schedules than it had, however many that is.
static void a_campaign_that_did_not_catch_it_is_slower_than_all(void)
{
	struct time_to_detection u = until((const uint64_t[]){ 0, 5, 3 }, 3);

	CHECK_NUMBER(u.detected, 2);
	check_ratio("the middle was detected", u.median, 5);
	CHECK_NUMBER(u.most, 5);
	u = until((const uint64_t[]){ 0, 5, 0, 3 }, 4);
	check_ratio("half was not", u.median, NAN);
	u = until((const uint64_t[]){ 0, 0, 3 }, 3);
	check_ratio("most was not", u.median, NAN);
	u = until(NULL, 0);
	check_ratio("no campaign", u.median, NAN);
	CHECK_NUMBER(u.most, 0);
}

// A campaign with a finding of the case's, one of no interest, and outcomes.
static uint64_t first_of(enum answer answer, const struct target *like)
{
	struct testcase tc = *like->tc;
	const struct target target = { .tc = &tc, .variant = like->variant };
	struct record record = run_of(TOOL_EXPLORE, "");
	struct cell cell;
	uint64_t first;

	tc.expect[like->variant][TOOL_EXPLORE].answer = answer;
	record.explored = (struct explored){ .schedules = 100, .found = 1 };
	add(&record.findings, KIND_THREAD_LEAK, "not what the case is about");
	record.findings.items[0].first = 2;
	add(&record.findings, KIND_HANG, "x");
	record.findings.items[1].first = 30;
	*VEC_PUSH(&record.explored.outcomes) = (struct explored_outcome){
		.text = xstrdup("sum 0"), .ended = true, .count = 90, .first = 1
	};
	*VEC_PUSH(&record.explored.outcomes) = (struct explored_outcome){
		.text = xstrdup("sum 5"), .ended = true, .count = 10, .first = 20
	};
	cell_init(&cell, &target, TOOL_EXPLORE);
	cell_add(&cell, &record);
	CHECK_NUMBER(cell.campaigns.nr, 1);
	CHECK_NUMBER(cell.campaigns.items[0].schedules, 100);
	CHECK_NUMBER(cell.campaigns.items[0].seed, record.seed);
	first = cell.campaigns.items[0].first;
	cell_release(&cell);
	record_release(&record);
	return first;
}

static void what_counts_is_what_the_case_expects(void)
{
	CHECK_NUMBER(first_of(ANSWER_DETECTS, &racy), 30);
	CHECK_NUMBER(first_of(ANSWER_DIVERGES, &racy), 20);
	CHECK_NUMBER(first_of(ANSWER_NONE, &racy), 2);
	CHECK_NUMBER(first_of(ANSWER_SILENT, &fixed), 2);
}

static void words_are_short(void)
{
	struct campaign_count counts[] = { { 1, 1000, 4 }, { 2, 1000, 7 }, { 3, 1000, 0 } };
	struct campaign_list one = { counts, 1, 0 }, all = { counts, 3, 0 },
			     none = { &counts[2], 1, 0 }, empty = { 0 };
	struct strbuf words = STRBUF_INIT;

	campaigns_words(&empty, &words);
	CHECK_NUMBER(words.len, 0);
	campaigns_words(&one, &words);
	CHECK_TEXT(words.buf, "first by schedule 4");
	strbuf_reset(&words);
	campaigns_words(&all, &words);
	CHECK_TEXT(words.buf, "2/3 campaigns, median 7, most 7");
	strbuf_reset(&words);
	campaigns_words(&none, &words);
	CHECK_TEXT(words.buf, "0/1 campaigns");
	strbuf_release(&words);
}

static void a_board_has_a_row_for_each_case(void)
{
	struct testcase tc =
		case_of("locks/abba", CLASS_DEADLOCK, KIND_BIT(KIND_DEADLOCK), ANSWER_DETECTS);
	struct campaign_count counts[] = { { 1, 1000, 4 }, { 2, 1000, 60 }, { 3, 1000, 0 } };
	struct cell racy_cell = { .runs = 3000, .detected = 9, .bug_runs = 9 },
		    fixed_cell = { .runs = 500, .bug_runs = 1 };
	struct scoreboard board = { 0 };
	struct strbuf text = STRBUF_INIT, markdown = STRBUF_INIT;
	json_t *json;

	racy_cell.campaigns = (struct campaign_list){ counts, ARRAY_SIZE(counts), 0 };
	put(&board, &tc, VARIANT_RACY, TOOL_EXPLORE, racy_cell);
	put(&board, &tc, VARIANT_FIXED, TOOL_EXPLORE, fixed_cell);
	campaigns_table(&board, &ink_none, &text);
	CHECK_HAS(text.buf, "locks/abba                                 2/3      60     60       "
			    "500     1\n");
	CHECK_HAS(text.buf, "1 case, 3 campaigns: 2 detected the bug, all of them in 0 cases");
	campaigns_markdown(&board, &markdown);
	CHECK_HAS(markdown.buf, "| locks/abba | 2/3 | 60 | 60 | 500 | 1 |\n");
	json = campaigns_table_json(&board);
	CHECK_NUMBER(json_integer_value(json_object_get(
			     json_object_get(json_array_get(json, 0), "racy"), "max")),
		     60);
	json_decref(json);
	strbuf_release(&text);
	strbuf_release(&markdown);
	scoreboard_release(&board);
}

static void a_board_without_campaigns_has_no_table(void)
{
	struct testcase tc =
		case_of("locks/abba", CLASS_DEADLOCK, KIND_BIT(KIND_DEADLOCK), ANSWER_DETECTS);
	struct scoreboard board = { 0 };
	struct strbuf text = STRBUF_INIT;

	put(&board, &tc, VARIANT_RACY, TOOL_NATIVE, (struct cell){ .runs = 10, .bug_runs = 1 });
	campaigns_table(&board, &ink_none, &text);
	campaigns_markdown(&board, &text);
	CHECK_NUMBER(text.len, 0);
	scoreboard_release(&board);
	strbuf_release(&text);
}

void suite_time_to_detection(void)
{
	static const struct test_case cases[] = {
		{ "median and largest", median_and_largest },
		{ "a campaign that did not catch it is slower than all",
		  a_campaign_that_did_not_catch_it_is_slower_than_all },
		{ "what counts is what the case expects", what_counts_is_what_the_case_expects },
		{ "words are short", words_are_short },
		{ "a board has a row for each case", a_board_has_a_row_for_each_case },
		{ "a board without campaigns has no table",
		  a_board_without_campaigns_has_no_table },
	};

	test_suite("time_to_detection", cases, ARRAY_SIZE(cases));
}
