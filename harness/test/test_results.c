// Results that differ: by the order of their lines, by more, or as was asked for.
#include "base/lines.h"
#include "base/mem.h"
#include "judge/results.h"
#include "judge/verdict.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

struct seen {
	const char *out;
	int code;
};

// A run for each result.
static void judge_results(const struct gate *gate, const struct seen *seen, size_t nr,
			  struct verdict *verdict)
{
	const struct circumstances ready = { .tool = TOOL_READY };
	const struct target target = { .id = "own.c", .source = "own.c", .gate = *gate };
	struct cell cell;

	cell_init(&cell, &target, TOOL_NATIVE);
	for (size_t i = 0; i < nr; i++) {
		struct lines lines = { 0 };
		struct record record = { .run = i + 1,
					 .how = ENDING_EXIT,
					 .code = seen[i].code,
					 .out = xstrdup(seen[i].out) };

		lines_add(&lines, seen[i].out, strlen(seen[i].out));
		lines_add(&lines, "\n", 1);
		record.lines = lines_hash(&lines);
		cell_add(&cell, &record);
		record_release(&record);
	}
	cell_sort(&cell);
	verdict_of(&cell, &ready, verdict);
	cell_release(&cell);
}

static const struct seen same[] = { { "a\nb", 0 }, { "a\nb", 0 } };
static const struct seen reordered[] = { { "a\nb", 0 }, { "b\na", 0 }, { "a\nb", 0 } };
static const struct seen different[] = { { "sum 1", 0 }, { "sum 2", 0 }, { "sum 1", 0 } };
static const struct seen doubled[] = { { "a\na\nb", 0 }, { "a\nb\nb", 0 } };

static void each_way_to_differ_has_its_verdict(void)
{
	static const struct {
		const struct seen *seen;
		size_t nr;
		// As many as there are results but the listed; by what fails: errors, notes.
		const char *verdicts[2];
	} rows[] = {
		{ same, 2, { "PPP", "PPP" } },
		{ reordered, 3, { "PPP", "FPP" } },
		{ different, 3, { "FFP", "FFP" } },
		{ doubled, 2, { "FFP", "FFP" } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int notes = 0; notes < 2; notes++)
			for (int r = RESULTS_SAME; r <= RESULTS_ANY; r++) {
				const struct gate gate = { .fail_on = notes ? SEVERITY_NOTE
									    : SEVERITY_ERROR,
							   .results = (enum results)r };
				struct verdict v;

				judge_results(&gate, rows[i].seen, rows[i].nr, &v);
				CHECK_AT(v.reason, (v.status == VERDICT_PASS) ==
							   (rows[i].verdicts[notes][r] == 'P'));
				verdict_release(&v);
			}
}

static void a_difference_says_what_to_do_if_it_is_right(void)
{
	const struct gate usual = { 0 };
	struct verdict v;

	judge_results(&usual, different, 3, &v);
	CHECK_HAS(v.reason, "divergence: 2 different outcomes in 3 runs");
	CHECK_HAS(v.reason, "--outcomes any");
	CHECK_TEXT(v.observed, "diverges");
	verdict_release(&v);
	judge_results(&usual, reordered, 3, &v);
	CHECK_HAS(v.reason, "the same lines came in 2 orders in 3 runs");
	CHECK_HAS(v.reason, "--outcomes lines");
	CHECK_TEXT(v.observed, "notes");
	verdict_release(&v);
}

static void listed_results_are_graded_one_by_one(void)
{
	struct outcome_row rows[] = {
		{ "sum 1", GRADE_ACCEPTABLE, GRADE_ACCEPTABLE, NULL },
		{ "sum 2", GRADE_INTERESTING, GRADE_INTERESTING, NULL },
		{ "sum *", GRADE_FORBIDDEN, GRADE_FORBIDDEN, NULL },
	};
	const struct gate gate = { .results = RESULTS_LISTED, .rows = rows, .nr_rows = 3 };
	static const struct seen lost[] = { { "sum 1", 0 }, { "sum 0", 0 } };
	static const struct seen other[] = { { "sum 1", 0 }, { "total", 0 } };
	struct verdict v;

	judge_results(&gate, different, 3, &v);
	CHECK_NUMBER(v.status, VERDICT_PASS);
	verdict_release(&v);
	judge_results(&gate, lost, 2, &v);
	CHECK_NUMBER(v.status, VERDICT_FAIL);
	CHECK_HAS(v.reason, "1 of 2 runs ended with a forbidden outcome; the first: 'sum 0'");
	verdict_release(&v);
	judge_results(&gate, other, 2, &v);
	CHECK_NUMBER(v.status, VERDICT_FAIL);
	verdict_release(&v);
}

// Eight lines in 1,100 orders: more than the table of outcomes has room for.
static void many_orders_are_still_only_orders(void)
{
	struct seen seen[1100];
	struct gate gate = { 0 };
	struct verdict v;

	for (size_t i = 0; i < ARRAY_SIZE(seen); i++) {
		char left[] = "abcdefgh", text[17] = { 0 };

		for (size_t k = i + 1, n = 8; n; k /= n, n--) {
			const size_t at = k % n;

			text[2 * (8 - n)] = left[at];
			text[2 * (8 - n) + 1] = '\n';
			memmove(&left[at], &left[at + 1], strlen(&left[at]));
		}
		seen[i] = (struct seen){ strdup(text), 0 };
	}
	judge_results(&gate, seen, ARRAY_SIZE(seen), &v);
	CHECK_NUMBER(v.status, VERDICT_PASS);
	CHECK_HAS(v.reason, "the same lines came in at least ");
	verdict_release(&v);
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
		free((char *)seen[i].out);
}

// Without the lines of all of it nothing is known but that it differs.
static void what_was_not_seen_whole_is_not_taken_for_an_order(void)
{
	const struct target target = { .id = "own.c" };
	struct cell cell;

	cell_init(&cell, &target, TOOL_NATIVE);
	for (int i = 0; i < 2; i++) {
		struct record record = { .run = (uint64_t)i + 1,
					 .how = ENDING_EXIT,
					 .out = xstrdup(i ? "a\nb" : "b\na") };

		cell_add(&cell, &record);
		record_release(&record);
	}
	CHECK_NUMBER(results_differ(&cell), RESULTS_DIVERGE);
	cell_release(&cell);
}

void suite_results(void)
{
	static const struct test_case cases[] = {
		{ "each way to differ has its verdict", each_way_to_differ_has_its_verdict },
		{ "a difference says what to do if it is right",
		  a_difference_says_what_to_do_if_it_is_right },
		{ "listed results are graded one by one", listed_results_are_graded_one_by_one },
		{ "many orders are still only orders", many_orders_are_still_only_orders },
		{ "what was not seen whole is not taken for an order",
		  what_was_not_seen_whole_is_not_taken_for_an_order },
	};

	test_suite("results", cases, ARRAY_SIZE(cases));
}
