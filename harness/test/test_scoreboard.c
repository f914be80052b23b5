// What cells come to on the scoreboard, its sums and its ratios.
#include "base/mem.h"
#include "test/scores.h"

#include <string.h>

enum column { TP, FP, TN, FN, UNSUPPORTED, UNMEASURED };

static const struct row {
	const char *what;
	enum variant variant;
	enum tool_id tool;
	enum answer answer;
	enum verdict_status status;
	bool limitation, build_failed;
	struct cell cell;
	enum column column;
} rows[] = {
#define ROW(what, variant, tool, answer, status, limitation, build_failed, column, ...)            \
	{                                                                                          \
		what, VARIANT_##variant, TOOL_##tool, ANSWER_##answer, VERDICT_##status,           \
			limitation, build_failed, { __VA_ARGS__ }, column                          \
	}
	ROW("a report of the bug", RACY, TSAN, DETECTS, PASS, 0, 0, TP, .runs = 10, .detected = 1,
	    .bug_runs = 1),
	ROW("no report", RACY, TSAN, DETECTS, FAIL, 0, 0, FN, .runs = 10),
	ROW("a detector whose runs only diverge", RACY, TSAN, MISSES, PASS, 1, 0, FN, .runs = 10,
	    .diverged = 9, .bug_runs = 9),
	ROW("a report of something else", RACY, TSAN, DETECTS, FAIL, 0, 0, FN, .runs = 10,
	    .unexpected = 10),
	ROW("a bug that the case says it misses", RACY, DRD, MISSES, PASS, 1, 0, FN, .runs = 5),
	ROW("plain runs that diverge", RACY, NATIVE, DIVERGES, PASS, 0, 0, TP, .runs = 10,
	    .diverged = 1, .bug_runs = 1),
	ROW("plain runs that hang", RACY, NATIVE, DETECTS, PASS, 0, 0, TP, .runs = 10,
	    .detected = 1, .bug_runs = 1),
	ROW("plain runs, all well", RACY, NATIVE, DIVERGES, FAIL, 0, 0, FN, .runs = 10),
	ROW("plain runs, all forbidden", RACY, NATIVE, DIVERGES, FAIL, 0, 0, TP, .runs = 10,
	    .diverged = 10, .bug_runs = 10, .unlisted = 10),
	ROW("silence on a fix", FIXED, TSAN, SILENT, PASS, 0, 0, TN, .runs = 10),
	ROW("any report on a fix", FIXED, TSAN, SILENT, FAIL, 0, 0, FP, .runs = 10,
	    .unexpected = 1),
	ROW("a false alarm that is known", FIXED, DRD, FALSE_ALARM, PASS, 1, 0, FP, .runs = 10,
	    .unexpected = 3),
	ROW("a detector's runs of a fix diverge", FIXED, TSAN, SILENT, FAIL, 0, 0, TN, .runs = 10,
	    .diverged = 2, .bug_runs = 2),
	ROW("plain runs of a fix diverge", FIXED, NATIVE, SILENT, FAIL, 0, 0, FP, .runs = 10,
	    .diverged = 2, .bug_runs = 2),
	ROW("plain runs of a fix, all well", FIXED, NATIVE, SILENT, PASS, 0, 0, TN, .runs = 10),
	ROW("an inconclusive run", RACY, TSAN, DETECTS, INCONCLUSIVE, 0, 0, UNSUPPORTED, .runs = 10,
	    .inconclusive = 1),
	ROW("one inconclusive, others detect", RACY, TSAN, DETECTS, PASS, 0, 0, TP, .runs = 10,
	    .inconclusive = 1, .detected = 9, .bug_runs = 9),
	ROW("most inconclusive, others detect", RACY, TSAN, DETECTS, INCONCLUSIVE, 0, 0,
	    UNSUPPORTED, .runs = 10, .inconclusive = 9, .detected = 9, .bug_runs = 9),
	ROW("inconclusive on a fix", FIXED, TSAN, SILENT, INCONCLUSIVE, 0, 0, UNSUPPORTED,
	    .runs = 10, .inconclusive = 10),
	ROW("unsupported, as the case says", RACY, TSAN, UNSUPPORTED, PASS, 1, 0, UNSUPPORTED,
	    .runs = 10, .unlisted = 10, .diverged = 10, .bug_runs = 10),
	ROW("said to be unsupported, yet it ran", FIXED, TSAN, UNSUPPORTED, PASS, 0, 0, TN,
	    .runs = 10),
	ROW("no run ended as the case allows, no report", FIXED, HELGRIND, SILENT, FAIL, 0, 0,
	    UNSUPPORTED, .runs = 10, .unlisted = 10, .diverged = 10, .bug_runs = 10),
	ROW("no run ended as the case allows, a report", RACY, HELGRIND, DETECTS, FAIL, 0, 0, TP,
	    .runs = 10, .unlisted = 10, .detected = 2, .bug_runs = 10),
	ROW("it does not build", RACY, TSAN, DETECTS, ERROR, 0, 1, UNSUPPORTED, .runs = 0),
	ROW("nothing ran", RACY, TSAN, DETECTS, SKIPPED, 0, 0, UNMEASURED, .runs = 0),
	ROW("the tool is not here", RACY, TSAN, DETECTS, ERROR, 0, 0, UNMEASURED, .runs = 0),
	ROW("the tool is broken", RACY, TSAN, DETECTS, ERROR, 0, 0, UNMEASURED, .runs = 10,
	    .detected = 4, .bug_runs = 4),
#undef ROW
};

static void every_cell_lands_in_one_column(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		struct testcase tc =
			case_of("f/c", CLASS_DATA_RACE, KIND_BIT(KIND_DATA_RACE), row->answer);
		const struct target target = { .tc = &tc, .variant = row->variant };
		const struct verdict verdict = { .status = row->status,
						 .limitation = row->limitation };
		struct scoreboard board = { 0 };
		struct cell cell = row->cell;
		struct score s;

		cell.target = &target;
		cell.tool = row->tool;
		scoreboard_add(&board, &cell, &verdict, row->build_failed);
		s = sum(&board, row->tool, false, -1);
		CHECK_AT(row->what, s.tp == (row->column == TP));
		CHECK_AT(row->what, s.fp == (row->column == FP));
		CHECK_AT(row->what, s.tn == (row->column == TN));
		CHECK_AT(row->what, s.fn == (row->column == FN));
		CHECK_AT(row->what, s.unsupported == (row->column == UNSUPPORTED));
		CHECK_AT(row->what, s.unmeasured == (row->column == UNMEASURED));
		CHECK_AT(row->what, score_any(&s));
		s = sum(&board, row->tool == TOOL_DRD ? TOOL_TSAN : TOOL_DRD, false, -1);
		CHECK_AT(row->what, !score_any(&s));
		scoreboard_release(&board);
	}
}

static const struct score *filled(struct score *s, bool in_kind, int class)
{
	struct testcase race =
		case_of("f/race", CLASS_DATA_RACE, KIND_BIT(KIND_DATA_RACE), ANSWER_DETECTS);
	struct testcase lock =
		case_of("f/lock", CLASS_DEADLOCK, KIND_BIT(KIND_LOCK_ORDER), ANSWER_DETECTS);
	struct testcase atomic = case_of("f/atomic", CLASS_ATOMICITY, 0, ANSWER_SILENT);
	struct scoreboard board = { 0 };

	fill(&board, &race, &lock, &atomic);
	*s = sum(&board, TOOL_TSAN, in_kind, class);
	scoreboard_release(&board);
	return s;
}

static void ratios_are_those_of_the_definitions(void)
{
	struct score s;

	filled(&s, false, -1);
	CHECK_NUMBER(s.tp, 2);
	CHECK_NUMBER(s.fn, 1);
	CHECK_NUMBER(s.fp, 1);
	CHECK_NUMBER(s.tn, 1);
	CHECK_NUMBER(s.unsupported, 1);
	check_ratio("recall", s.recall, 2.0 / 3);
	check_ratio("specificity", s.specificity, 0.5);
	check_ratio("precision", s.precision, 2.0 / 3);
	check_ratio("F1", s.f1, 2.0 / 3);
	check_ratio("accuracy", s.accuracy, 3.0 / 5);
	check_ratio("support", s.support, 5.0 / 6);
	check_ratio("adjusted F1", s.adjusted_f1, 5.0 / 9);
	check_ratio("recall of a run", s.run_recall, (0.5 + 1 + 0) / 3);
	CHECK_NUMBER(s.racy_hits, 15);
	CHECK_NUMBER(s.racy_runs, 30);
	CHECK_NUMBER(s.fixed_hits, 2);
	CHECK_NUMBER(s.fixed_runs, 20);
	CHECK_NUMBER(s.runs, 60);
	CHECK_NUMBER(s.cpu_ns, 5508);
	check_ratio("median of the first", s.first_median, 2.5);
	CHECK_NUMBER(s.first_max, 4);
	CHECK_NUMBER(s.racy_in_kind, 2);
}

static void a_scope_leaves_out_the_rest(void)
{
	struct score s;

	filled(&s, true, -1);
	CHECK_NUMBER(s.tp + s.fn, 2);
	CHECK_NUMBER(s.unsupported, 0);
	check_ratio("recall in kind", s.recall, 1);
	filled(&s, false, CLASS_DEADLOCK);
	CHECK_NUMBER(s.tp + s.fn + s.fp + s.tn, 2);
	check_ratio("recall of deadlocks", s.recall, 1);
	CHECK_NUMBER(s.first_max, 1);
	filled(&s, false, CLASS_DATA_RACE);
	CHECK_NUMBER(s.tp + s.fn + s.fp + s.tn, 2);
	CHECK_NUMBER(s.racy_hits, 5);
	filled(&s, true, CLASS_ATOMICITY);
	CU_ASSERT(!score_any(&s));
}

static void nothing_divided_by_nothing_is_undefined(void)
{
	struct testcase tc = case_of("f/c", CLASS_ATOMICITY, 0, ANSWER_SILENT);
	struct scoreboard board = { 0 };
	struct score s = sum(&board, TOOL_TSAN, false, -1);

	check_ratio("recall of nothing", s.recall, NAN);
	check_ratio("specificity of nothing", s.specificity, NAN);
	check_ratio("precision of nothing", s.precision, NAN);
	check_ratio("F1 of nothing", s.f1, NAN);
	check_ratio("accuracy of nothing", s.accuracy, NAN);
	check_ratio("support of nothing", s.support, NAN);
	check_ratio("recall of no run", s.run_recall, NAN);
	check_ratio("median of nothing", s.first_median, NAN);
	put(&board, &tc, VARIANT_RACY, TOOL_TSAN, (struct cell)TEN(.cpu_ns = 0));
	s = sum(&board, TOOL_TSAN, false, -1);
	check_ratio("recall of a miss", s.recall, 0);
	check_ratio("precision without a report", s.precision, NAN);
	check_ratio("specificity without a fix", s.specificity, NAN);
	scoreboard_release(&board);
}

static void a_pair_of_two_sessions_is_one_pair(void)
{
	struct testcase tc =
		case_of("f/c", CLASS_DATA_RACE, KIND_BIT(KIND_DATA_RACE), ANSWER_DETECTS);
	struct scoreboard board = { 0 };
	struct score s;

	put(&board, &tc, VARIANT_RACY, TOOL_TSAN, (struct cell)TEN(.cpu_ns = 1));
	put(&board, &tc, VARIANT_RACY, TOOL_TSAN,
	    (struct cell)TEN(.detected = 3, .bug_runs = 3, .first_detection = 2, .cpu_ns = 1));
	put(&board, &tc, VARIANT_RACY, TOOL_TSAN,
	    (struct cell)TEN(.detected = 3, .bug_runs = 3, .first_detection = 1));
	s = sum(&board, TOOL_TSAN, false, -1);
	CHECK_NUMBER(s.tp, 1);
	CHECK_NUMBER(s.racy_hits, 6);
	CHECK_NUMBER(s.racy_runs, 30);
	CHECK_NUMBER(s.first_max, 12);
	CHECK_NUMBER(s.cpu_ns, 2);
	put(&board, &tc, VARIANT_RACY, TOOL_TSAN, (struct cell){ .runs = 0 });
	s = sum(&board, TOOL_TSAN, false, -1);
	CHECK_NUMBER(s.tp, 1);
	put(&board, &tc, VARIANT_RACY, TOOL_TSAN, (struct cell)TEN(.inconclusive = 1));
	s = sum(&board, TOOL_TSAN, false, -1);
	CHECK_NUMBER(s.tp, 0);
	CHECK_NUMBER(s.unsupported, 1);
	put(&board, &tc, VARIANT_FIXED, TOOL_TSAN, (struct cell)TEN(.cpu_ns = 0));
	put(&board, &tc, VARIANT_RACY, TOOL_DRD, (struct cell)TEN(.cpu_ns = 0));
	put(&board, &tc, VARIANT_RACY, TOOL_DRD, (struct cell)TEN(.cpu_ns = 0));
	put(&board, &tc, VARIANT_FIXED, TOOL_TSAN, (struct cell)TEN(.cpu_ns = 0));
	CHECK_NUMBER(board.nr, 3);
	scoreboard_release(&board);
	CU_ASSERT_PTR_NULL(board.items);
}

// Whatever order the cases come in.
static void the_median_and_the_last_are_of_the_sorted(void)
{
	static const uint64_t orders[][3] = { { 1, 4, 9 }, { 9, 4, 1 }, { 4, 9, 1 }, { 1, 9, 4 } };
	static const char *const ids[] = { "f/a", "f/b", "f/c" };

	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		struct scoreboard board = { 0 };
		struct score s;

		for (size_t k = 0; k < ARRAY_SIZE(ids); k++) {
			struct testcase tc =
				case_of(ids[k], CLASS_DATA_RACE, KIND_BIT(KIND_DATA_RACE), 0);

			put(&board, &tc, VARIANT_RACY, TOOL_TSAN,
			    (struct cell)TEN(.detected = 1, .first_detection = orders[i][k]));
		}
		s = sum(&board, TOOL_TSAN, false, -1);
		check_ratio("median", s.first_median, 4);
		CHECK_NUMBER(s.first_max, 9);
		scoreboard_release(&board);
	}
}

static void nothing_of_a_board_is_kept(void)
{
	struct campaign_count campaign = { 1, 10, 2 };
	struct testcase tc = case_of("a name that is long enough to be an allocation of its own",
				     CLASS_DATA_RACE, KIND_BIT(KIND_DATA_RACE), ANSWER_DETECTS);
	size_t before = 0;

	for (int i = 0; i < 200; i++) {
		struct scoreboard board = { 0 };

		for (int t = TOOL_TSAN; t < TOOL_NR; t++)
			put(&board, &tc, VARIANT_RACY, t,
			    (struct cell)TEN(.campaigns = { &campaign, 1, 1 }));
		scoreboard_release(&board);
		// What the first rounds leave in the allocator's caches.
		if (i == 100)
			before = heap_used();
	}
	CU_ASSERT_TRUE(heap_used() <= before + 1000);
}

static void any_answer_is_one(void)
{
	static const struct score scores[] = {
		{ .tp = 1 },
		{ .fp = 1 },
		{ .tn = 1 },
		{ .fn = 1 },
		{ .unsupported = 1 },
		{ .unmeasured = 1 },
		{ .tp = 1, .fp = 1 },
		{ .tp = 1, .tn = 1 },
		{ .tp = 1, .fn = 1 },
		{ .tp = 1, .unsupported = 1 },
		{ .tp = 1, .unmeasured = 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(scores); i++)
		CU_ASSERT(score_any(&scores[i]));
	CU_ASSERT(!score_any(&(struct score){ 0 }));
}

static void a_tool_is_made_for_its_kinds_and_plain_runs_for_outcomes(void)
{
	struct testcase race =
		case_of("f/c", CLASS_DATA_RACE, KIND_BIT(KIND_DATA_RACE), ANSWER_SILENT);
	struct testcase order =
		case_of("f/c", CLASS_DEADLOCK, KIND_BIT(KIND_LOCK_ORDER), ANSWER_SILENT);
	struct testcase kept =
		case_of("f/c", CLASS_DEADLOCK, KIND_BIT(KIND_LOCK_HELD_AT_EXIT), ANSWER_SILENT);
	struct testcase atomic = case_of("f/c", CLASS_ATOMICITY, 0, ANSWER_SILENT);

	for (int t = TOOL_TSAN; t < TOOL_NR; t++) {
		CHECK_AT(tool_name(t), scoreboard_in_kind(t, &race));
		CHECK_AT(tool_name(t), scoreboard_in_kind(t, &atomic) == (t == TOOL_EXPLORE));
		CHECK_AT(tool_name(t), scoreboard_in_kind(t, &order) == (t != TOOL_DRD));
		CHECK_AT(tool_name(t),
			 scoreboard_in_kind(t, &kept) ==
				 (t == TOOL_DRD || t == TOOL_HELGRIND || t == TOOL_EXPLORE));
	}
	CU_ASSERT(scoreboard_in_kind(TOOL_NATIVE, &atomic));
	atomic.outcomes = &two_grades[1]; // none is acceptable
	atomic.nr_outcomes = 1;
	CU_ASSERT(scoreboard_in_kind(TOOL_NATIVE, &atomic));
	atomic.outcomes =
		two_grades; // every outcome is acceptable: its results do not show the bug
	CU_ASSERT(!scoreboard_in_kind(TOOL_NATIVE, &atomic));
}

// What a run under a detector comes to may show the bug while the detector says nothing.
static void the_first_detection_is_the_detectors_own(void)
{
	struct testcase tc =
		case_of("f/c", CLASS_DEADLOCK, KIND_BIT(KIND_LOCK_ORDER), ANSWER_DETECTS);
	const struct target target = { .tc = &tc, .variant = VARIANT_RACY };
	struct cell cell;

	cell_init(&cell, &target, TOOL_TSAN);
	for (int i = 0; i < 4; i++) {
		struct record record = { .tool = TOOL_TSAN,
					 .out = xstrdup("lost 3"),
					 .how = ENDING_EXIT,
					 .evidence = EVIDENCE_WHOLE };

		if (i == 2)
			VEC_PUSH(&record.findings)->kind = KIND_LOCK_ORDER;
		cell_add(&cell, &record);
		record_release(&record);
	}
	CHECK_NUMBER(cell.diverged, 4);
	CHECK_NUMBER(cell.detected, 1);
	CHECK_NUMBER(cell.first_detection, 3);
	cell_release(&cell);
}

void suite_scoreboard(void)
{
	static const struct test_case cases[] = {
		{ "the first detection is the detector's own",
		  the_first_detection_is_the_detectors_own },
		{ "every cell lands in one column", every_cell_lands_in_one_column },
		{ "ratios are those of the definitions", ratios_are_those_of_the_definitions },
		{ "a scope leaves out the rest", a_scope_leaves_out_the_rest },
		{ "nothing divided by nothing is undefined",
		  nothing_divided_by_nothing_is_undefined },
		{ "a pair of two sessions is one pair", a_pair_of_two_sessions_is_one_pair },
		{ "the median and the last are of the sorted",
		  the_median_and_the_last_are_of_the_sorted },
		{ "nothing of a board is kept", nothing_of_a_board_is_kept },
		{ "any answer is one", any_answer_is_one },
		{ "a tool is made for its kinds, and plain runs for outcomes",
		  a_tool_is_made_for_its_kinds_and_plain_runs_for_outcomes },
	};

	test_suite("scoreboard", cases, ARRAY_SIZE(cases));
}
