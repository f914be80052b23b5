#include "base/mem.h"
#include "judge/outcome.h"
#include "test/support.h"

#include <signal.h>
#include <string.h>

static void check(const struct record *record, const char *expected)
{
	struct strbuf text = STRBUF_INIT;

	outcome_text(record, &text);
	CHECK_TEXT(text.buf, expected);
	strbuf_release(&text);
}

static void every_ending_has_its_text(void)
{
	static const struct {
		struct record record;
		const char *text;
	} rows[] = {
		{ { .out = "sum 3", .how = ENDING_EXIT }, "sum 3" },
		{ { .out = "", .how = ENDING_EXIT }, "" },
		{ { .out = NULL, .how = ENDING_EXIT }, "" },
		{ { .out = "sum 3", .how = ENDING_EXIT, .code = 2 }, "sum 3 [exit 2]" },
		{ { .out = "", .how = ENDING_EXIT, .code = 255 }, "[exit 255]" },
		{ { .out = "", .how = ENDING_SIGNAL, .code = SIGSEGV }, "[signal SIGSEGV]" },
		{ { .out = "half", .how = ENDING_SIGNAL, .code = SIGABRT },
		  "half [signal SIGABRT]" },
		{ { .out = "", .how = ENDING_SIGNAL, .code = 50 }, "[signal 50]" },
		{ { .out = "", .how = ENDING_HANG }, "[hang]" },
		{ { .out = "got 1", .how = ENDING_HANG }, "got 1 [hang]" },
		{ { .out = "", .how = ENDING_TIMEOUT }, "[timeout]" },
		{ { .out = "", .how = ENDING_LIMIT, .limit = "memory" }, "[limit memory]" },
		{ { .out = "", .how = ENDING_LIMIT }, "[limit ?]" },
		{ { .out = "", .how = ENDING_NOT_STARTED }, "[not-started]" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check(&rows[i].record, rows[i].text);
}

static void a_detectors_exit_code_is_not_the_programs(void)
{
	struct record record = {
		.out = "sum 3", .how = ENDING_EXIT, .code = 66, .tool = TOOL_TSAN
	};

	check(&record, "sum 3 [exit 66]");
	record.tool_code = 66;
	check(&record, "sum 3");
	record.code = 67;
	check(&record, "sum 3 [exit 67]");
	record.code = 66;
	record.how = ENDING_SIGNAL;
	check(&record, "sum 3 [signal 66]");
}

static void patterns_match_whole_texts(void)
{
	static const struct {
		const char *pattern, *text;
		bool matches;
	} rows[] = {
		{ "sum 3", "sum 3", true },
		{ "sum 3", "sum 33", false },
		{ "sum 3", "sum ", false },
		{ "", "", true },
		{ "", "x", false },
		{ "*", "", true },
		{ "*", "anything at all", true },
		{ "sum *", "sum 3", true },
		{ "sum *", "sum ", true },
		{ "sum *", "sum", false },
		{ "*3", "sum 3", true },
		{ "*3", "sum 34", false },
		{ "a*b*c", "aXXbYYc", true },
		{ "a*b*c", "abc", true },
		{ "a*b*c", "acb", false },
		{ "*ab", "aab", true },
		{ "*aab", "aaab", true },
		{ "**x", "x", true },
		{ "*[hang]", "got 1 [hang]", true },
		{ "[hang]", "h", false }, // brackets stand for themselves
		{ "[exit 2]", "[exit 2]", true },
		{ "a?c", "abc", false }, // so do question marks
		{ "a?c", "a?c", true },
		{ "a\\nb", "a\\nb", true }, // and what an escaped line break became
		{ "sum 3*", "sum 3 [exit 2]", true },
		{ "Σ *", "Σ 3", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		CHECK_AT(rows[i].pattern,
			 outcome_matches(rows[i].pattern, rows[i].text) == rows[i].matches);
}

static void many_stars_do_not_take_for_ever(void)
{
	char text[4097];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	CU_ASSERT_FALSE(outcome_matches("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

static void the_first_row_that_matches_grades(void)
{
	struct outcome_row table[] = {
		{ .result = "sum 0", .racy = GRADE_ACCEPTABLE, .fixed = GRADE_ACCEPTABLE },
		{ .result = "sum *", .racy = GRADE_INTERESTING, .fixed = GRADE_FORBIDDEN },
		{ .result = "sum 9", .racy = GRADE_ACCEPTABLE, .fixed = GRADE_ACCEPTABLE },
	};
	const struct testcase tc = { .outcomes = table, .nr_outcomes = ARRAY_SIZE(table) };

	const struct target racy = { .tc = &tc, .variant = VARIANT_RACY },
			    fixed = { .tc = &tc, .variant = VARIANT_FIXED };

	CU_ASSERT_PTR_EQUAL(outcome_row(&racy, "sum 0"), &table[0]);
	CU_ASSERT_PTR_EQUAL(outcome_row(&fixed, "sum 9"), &table[1]);
	CU_ASSERT_PTR_NULL(outcome_row(&racy, "total 0"));
	CU_ASSERT_EQUAL(outcome_grade(&racy, "sum 0"), GRADE_ACCEPTABLE);
	CU_ASSERT_EQUAL(outcome_grade(&racy, "sum 5"), GRADE_INTERESTING);
	CU_ASSERT_EQUAL(outcome_grade(&fixed, "sum 5"), GRADE_FORBIDDEN);
}

static void what_is_not_listed_is_forbidden(void)
{
	struct outcome_row row = { .result = "ok",
				   .racy = GRADE_ACCEPTABLE,
				   .fixed = GRADE_ACCEPTABLE };
	const struct testcase tc = { .outcomes = &row, .nr_outcomes = 1 }, none = { 0 };
	const struct target targets[] = {
		{ .tc = &tc, .variant = VARIANT_RACY },
		{ .tc = &tc, .variant = VARIANT_FIXED },
		{ .gate = { .results = RESULTS_LISTED, .rows = &row, .nr_rows = 1 } },
		{ .tc = &none, .variant = VARIANT_RACY },
		{ .gate = { .results = RESULTS_LISTED } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		CU_ASSERT_EQUAL(outcome_grade(&targets[i], "ok [exit 1]"), GRADE_FORBIDDEN);
		CU_ASSERT_EQUAL(outcome_grade(&targets[i], ""), GRADE_FORBIDDEN);
		CU_ASSERT_EQUAL(outcome_grade(&targets[i], "ok"),
				i < 3 ? GRADE_ACCEPTABLE : GRADE_FORBIDDEN);
	}
}

// In a program of one's own an interesting result is only worth knowing.
static void what_is_bad_depends_on_whose_program_it_is(void)
{
	const struct testcase tc = { 0 };
	const struct target theirs = { .tc = &tc }, own = { .id = "own.c" };

	CU_ASSERT_FALSE(outcome_is_bad(&theirs, GRADE_ACCEPTABLE));
	CU_ASSERT_TRUE(outcome_is_bad(&theirs, GRADE_INTERESTING));
	CU_ASSERT_TRUE(outcome_is_bad(&theirs, GRADE_FORBIDDEN));
	CU_ASSERT_FALSE(outcome_is_bad(&own, GRADE_ACCEPTABLE));
	CU_ASSERT_FALSE(outcome_is_bad(&own, GRADE_INTERESTING));
	CU_ASSERT_TRUE(outcome_is_bad(&own, GRADE_FORBIDDEN));
}

void suite_outcome(void)
{
	static const struct test_case cases[] = {
		{ "every ending has its text", every_ending_has_its_text },
		{ "a detector's exit code is not the program's",
		  a_detectors_exit_code_is_not_the_programs },
		{ "patterns match whole texts", patterns_match_whole_texts },
		{ "many stars do not take for ever", many_stars_do_not_take_for_ever },
		{ "the first row that matches grades", the_first_row_that_matches_grades },
		{ "what is not listed is forbidden", what_is_not_listed_is_forbidden },
		{ "what is bad depends on whose program it is",
		  what_is_bad_depends_on_whose_program_it_is },
	};

	test_suite("outcome", cases, ARRAY_SIZE(cases));
}
