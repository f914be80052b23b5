// One case, its two targets and runs of them, for the tests of what grades runs.
#ifndef RACEGATE_TEST_GRADED_H
#define RACEGATE_TEST_GRADED_H

#include "base/mem.h"
#include "catalog/catalog.h"
#include "model/record.h"

#include <string.h>

static struct outcome_row table[] = {
	{ .result = "sum 0", .racy = GRADE_ACCEPTABLE, .fixed = GRADE_ACCEPTABLE },
	{ .result = "sum *", .racy = GRADE_INTERESTING, .fixed = GRADE_FORBIDDEN },
	{ .result = "[hang]", .racy = GRADE_INTERESTING, .fixed = GRADE_FORBIDDEN },
	{ .result = "torn", .racy = GRADE_FORBIDDEN, .fixed = GRADE_FORBIDDEN },
};

static struct race_mark marks[] = { { .line = 10, .object = "sum" },
				    { .line = 20, .object = "sum" } };

static const struct testcase race_case = {
	.id = "f/c",
	.kinds = KIND_BIT(KIND_DATA_RACE) | KIND_BIT(KIND_HANG),
	.outcomes = table,
	.nr_outcomes = ARRAY_SIZE(table),
	.marks = { .items = marks, .nr = ARRAY_SIZE(marks) },
};

// A variant each, and a program of a user's own.
static const struct target racy = { .id = "f/c/racy", .tc = &race_case, .variant = VARIANT_RACY };
static const struct target fixed = { .id = "f/c/fixed",
				     .tc = &race_case,
				     .variant = VARIANT_FIXED };
static const struct target own = { .id = "own.c", .source = "own.c" };

// Adds a finding; `words` is copied.
static inline struct finding *add(struct finding_list *list, enum finding_kind kind,
				  const char *words)
{
	struct finding *finding = VEC_PUSH(list);

	finding->kind = kind;
	finding->words = xstrdup(words);
	return finding;
}

// A run that ended well and printed `out`; the caller releases it.
static inline struct record run_of(enum tool_id tool, const char *out)
{
	return (struct record){
		.run = 7,
		.tool = tool,
		.out = xstrdup(out),
		.how = ENDING_EXIT,
		.evidence = tool == TOOL_NATIVE ? EVIDENCE_NONE : EVIDENCE_WHOLE,
	};
}

#endif
