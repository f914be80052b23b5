// Boards for the tests of the scoreboard: cells that are made up, their sums.
#ifndef RACEGATE_TEST_SCORES_H
#define RACEGATE_TEST_SCORES_H

#include "judge/scoreboard.h"
#include "test/support.h"

#include <math.h>

static struct outcome_row two_grades[] = {
	{ .result = "lost 0", .racy = GRADE_ACCEPTABLE, .fixed = GRADE_ACCEPTABLE },
	{ .result = "lost *", .racy = GRADE_INTERESTING, .fixed = GRADE_FORBIDDEN },
};

// A case on the board: its name, class and kinds; every tool is expected to answer `answer`.
static inline struct testcase case_of(const char *id, enum bug_class class, kind_set kinds,
				      enum answer answer)
{
	struct testcase tc = { .id = (char *)id,
			       .class = class,
			       .kinds = kinds,
			       .outcomes = two_grades,
			       .nr_outcomes = ARRAY_SIZE(two_grades) };

	for (int v = 0; v < VARIANT_NR; v++)
		for (int t = 0; t < TOOL_NR; t++)
			tc.expect[v][t].answer = answer;
	return tc;
}

static inline void put(struct scoreboard *board, const struct testcase *tc, enum variant variant,
		       enum tool_id tool, struct cell cell)
{
	const struct target target = { .tc = tc, .variant = variant };
	const struct verdict verdict = { .status = cell.inconclusive ? VERDICT_INCONCLUSIVE
								     : VERDICT_PASS };

	cell.target = &target;
	cell.tool = tool;
	scoreboard_add(board, &cell, &verdict, false);
}

static inline struct score sum(const struct scoreboard *board, enum tool_id tool, bool in_kind,
			       int class)
{
	const struct score_scope scope = { .in_kind = in_kind, .class = class };
	struct score score;

	scoreboard_sum(board, tool, &scope, &score);
	return score;
}

// Ten runs of a cell; what is not given is 0.
#define TEN(...)                                                                                   \
	{                                                                                          \
		.runs = 10, __VA_ARGS__                                                            \
	}

static inline void check_ratio(const char *what, double actual, double expected)
{
	CHECK_AT(what, isnan(expected) ? isnan(actual) : fabs(actual - expected) < 1e-9);
}

// Three racy cases (hit in 5, 10 and 0 of 10 runs) and two fixes, of which one raises an alarm.
static inline void fill(struct scoreboard *board, const struct testcase *race,
			const struct testcase *lock, const struct testcase *atomic)
{
	put(board, race, VARIANT_RACY, TOOL_TSAN,
	    (struct cell)TEN(.detected = 5, .bug_runs = 5, .first_detection = 4, .cpu_ns = 2000));
	put(board, lock, VARIANT_RACY, TOOL_TSAN,
	    (struct cell)TEN(.detected = 10, .bug_runs = 10, .first_detection = 1, .cpu_ns = 3000));
	put(board, atomic, VARIANT_RACY, TOOL_TSAN, (struct cell)TEN(.cpu_ns = 500));
	put(board, race, VARIANT_FIXED, TOOL_TSAN, (struct cell)TEN(.unexpected = 2));
	put(board, lock, VARIANT_FIXED, TOOL_TSAN, (struct cell)TEN(.cpu_ns = 1));
	put(board, atomic, VARIANT_FIXED, TOOL_TSAN,
	    (struct cell)TEN(.inconclusive = 3, .cpu_ns = 7));
}

#endif
