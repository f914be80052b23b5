/*
 * The table of verdicts: what a case expects of a tool, what was observed,
 * what hindered it, and what comes out.
 */
#include "base/mem.h"
#include "judge/verdict.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

#define REASON "known to be so"

// What ten runs of a cell came to.
enum seen {
	SEEN_NOTHING,              // not one run
	SEEN_SILENT,               // ten runs, acceptable, no report
	SEEN_REPORTS,              // some runs report the case's bug
	SEEN_DIVERGED,             // some outcomes are interesting
	SEEN_BOTH,                 // reports and interesting outcomes
	SEEN_SURPRISE,             // some runs report something else
	SEEN_MIXED,                // reports of the bug and of something else
	SEEN_FORBIDDEN,            // some outcomes are forbidden
	SEEN_INCONCLUSIVE,         // some runs are inconclusive, the others are silent
	SEEN_ALL_INCONCLUSIVE,     // all are inconclusive
	SEEN_INCONCLUSIVE_REPORTS, // some runs are inconclusive, others report the bug
	SEEN_NR
};

static const char *const seen_names[] = {
	"nothing",
	"silent",
	"reports",
	"diverged",
	"both",
	"surprise",
	"mixed",
	"forbidden",
	"inconclusive",
	"all inconclusive",
	"inconclusive and reports",
};

static const struct cell observations[SEEN_NR] = {
	[SEEN_NOTHING] = { .runs = 0 },
	[SEEN_SILENT] = { .runs = 10 },
	[SEEN_REPORTS] = { .runs = 10, .detected = 4, .bug_runs = 4 },
	[SEEN_DIVERGED] = { .runs = 10, .diverged = 3, .bug_runs = 3 },
	[SEEN_BOTH] = { .runs = 10, .detected = 4, .diverged = 3, .bug_runs = 5 },
	[SEEN_SURPRISE] = { .runs = 10,
			    .unexpected = 2,
			    .first_surprise = "lock-order: cycle (run 7)" },
	[SEEN_MIXED] = { .runs = 10,
			 .detected = 4,
			 .bug_runs = 4,
			 .unexpected = 2,
			 .first_surprise = "lock-order: cycle (run 7)" },
	[SEEN_FORBIDDEN] = { .runs = 10,
			     .diverged = 1,
			     .bug_runs = 1,
			     .unlisted = 1,
			     .first_unlisted = "'boom' (run 3)" },
	[SEEN_INCONCLUSIVE] = { .runs = 10,
				.inconclusive = 2,
				.first_inconclusive = "run 4: tampered" },
	[SEEN_ALL_INCONCLUSIVE] = { .runs = 10,
				    .inconclusive = 10,
				    .first_inconclusive = "run 1: tampered" },
	[SEEN_INCONCLUSIVE_REPORTS] = { .runs = 10,
					.detected = 4,
					.bug_runs = 4,
					.inconclusive = 2,
					.first_inconclusive = "run 4: tampered" },
};

/*
 * One letter for each observation, in the order of the enum:
 * P pass, F fail, I inconclusive, E error, S skipped, L pass as a limitation that holds,
 * G pass, but the limitation did not happen.
 */
static const struct row {
	enum variant variant;
	enum tool_id tool;
	enum answer answer;
	const char *statuses;
} rows[] = {
	//                                                 n s r d b s m f t a R
	{ VARIANT_RACY, TOOL_TSAN, ANSWER_DETECTS, "SFPFPFFFIIP" },
	{ VARIANT_RACY, TOOL_HELGRIND, ANSWER_DETECTS, "SFPFPFFFIIP" },
	{ VARIANT_RACY, TOOL_NATIVE, ANSWER_DETECTS, "SFPFPFFFIIP" },
	{ VARIANT_RACY, TOOL_NATIVE, ANSWER_DIVERGES, "SFFPPFFFIII" },
	{ VARIANT_RACY, TOOL_TSAN, ANSWER_SILENT, "SPFPFFFFIIF" },
	{ VARIANT_RACY, TOOL_DRD, ANSWER_SILENT, "SPFPFFFFIIF" },
	{ VARIANT_RACY, TOOL_NATIVE, ANSWER_SILENT, "SPFFFFFFIIF" },
	{ VARIANT_RACY, TOOL_TSAN, ANSWER_MISSES, "SLGLGFFFIII" },
	{ VARIANT_RACY, TOOL_NATIVE, ANSWER_MISSES, "SLGGGFFFIII" },
	{ VARIANT_RACY, TOOL_TSAN, ANSWER_SOMETIMES, "SLLLLFFFIII" },
	{ VARIANT_RACY, TOOL_NATIVE, ANSWER_SOMETIMES, "SLLLLFFFIII" },
	{ VARIANT_RACY, TOOL_HELGRIND, ANSWER_FALSE_ALARM, "SGGGGLLFIII" },
	{ VARIANT_RACY, TOOL_TSAN, ANSWER_UNSUPPORTED, "SGGGGGGLLLL" },
	{ VARIANT_FIXED, TOOL_NATIVE, ANSWER_SILENT, "SPFFFFFFIIF" },
	{ VARIANT_FIXED, TOOL_TSAN, ANSWER_SILENT, "SPFFFFFFIIF" },
	{ VARIANT_FIXED, TOOL_DRD, ANSWER_FALSE_ALARM, "SGGFFLLFIII" },
	{ VARIANT_FIXED, TOOL_TSAN, ANSWER_UNSUPPORTED, "SGGGGGGLLLL" },
};

static struct testcase *case_expecting(enum variant variant, enum tool_id tool, enum answer answer)
{
	struct testcase *tc = xcalloc(1, sizeof(*tc));
	bool limitation =
		answer != ANSWER_DETECTS && answer != ANSWER_DIVERGES && answer != ANSWER_SILENT;

	tc->expect[variant][tool] =
		(struct expectation){ .answer = answer, .reason = limitation ? REASON : NULL };
	return tc;
}

static char letter_of(const struct verdict *v)
{
	if (v->status != VERDICT_PASS)
		return "PFIES"[v->status];
	return v->limitation ? 'L' : v->limitation_gone ? 'G' : 'P';
}

static void judge_row(const struct row *row, enum seen seen, const struct circumstances *how,
		      char expected)
{
	struct testcase *tc = case_expecting(row->variant, row->tool, row->answer);
	const struct target target = { .tc = tc, .variant = row->variant };
	struct cell cell = observations[seen];
	struct verdict verdict;
	char where[160], saw[2] = { 0 }, wanted[2] = { expected };

	cell.target = &target;
	cell.tool = row->tool;
	snprintf(where, sizeof(where), "%s/%s expects %s, saw %s", variant_name(row->variant),
		 tool_name(row->tool), answer_name(row->answer), seen_names[seen]);
	verdict_of(&cell, how, &verdict);
	saw[0] = letter_of(&verdict);
	CHECK_TEXT_AT(where, saw, wanted);
	CHECK_TEXT_AT(where, verdict.expected, answer_name(row->answer));
	CHECK_AT(where, verdict.reason && *verdict.reason);
	CHECK_AT(where, !(verdict.limitation && verdict.limitation_gone));
	verdict_release(&verdict);
	free(tc);
}

static void every_answer_meets_every_observation(void)
{
	const struct circumstances ready = { .tool = TOOL_READY };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CU_ASSERT_EQUAL_FATAL(strlen(rows[i].statuses), SEEN_NR);
		for (int s = 0; s < SEEN_NR; s++)
			judge_row(&rows[i], s, &ready, rows[i].statuses[s]);
	}
}

static void nothing_passes_without_a_tool_or_a_build(void)
{
	static const struct circumstances bad[] = {
		{ .tool = TOOL_MISSING, .tool_reason = "valgrind is not installed" },
		{ .tool = TOOL_BROKEN, .tool_reason = "it reports a false positive" },
		{ .tool = TOOL_BROKEN, .tool_reason = NULL },
		{ .tool = TOOL_READY, .build_failed = true },
		{ .tool = TOOL_MISSING, .tool_reason = "x", .build_failed = true },
	};

	for (size_t b = 0; b < ARRAY_SIZE(bad); b++)
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
			for (int s = 0; s < SEEN_NR; s++)
				judge_row(&rows[i], s, &bad[b], 'E');
}

// What was never proved to work says nothing, even if runs of it are there.
static void an_unproved_tool_never_passes(void)
{
	const struct circumstances unproved = { .tool = TOOL_UNPROBED };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		judge_row(&rows[i], SEEN_NOTHING, &unproved, 'S');
}

static void check_reason(enum answer answer, enum seen seen, const struct circumstances *how,
			 const char *part)
{
	struct testcase *tc = case_expecting(VARIANT_RACY, TOOL_TSAN, answer);
	const struct target target = { .tc = tc, .variant = VARIANT_RACY };
	struct cell cell = observations[seen];
	struct verdict verdict;

	cell.target = &target;
	cell.tool = TOOL_TSAN;
	verdict_of(&cell, how, &verdict);
	CHECK_HAS(verdict.reason, part);
	verdict_release(&verdict);
	free(tc);
}

static void reasons_say_how_many_and_which(void)
{
	const struct circumstances ready = { .tool = TOOL_READY };
	const struct circumstances gone = { .tool = TOOL_MISSING, .tool_reason = "not installed" };
	const struct circumstances unbuilt = { .tool = TOOL_READY, .build_failed = true };

	check_reason(ANSWER_DETECTS, SEEN_REPORTS, &ready, "4 of 10");
	check_reason(ANSWER_DETECTS, SEEN_SILENT, &ready, "0 of 10");
	check_reason(ANSWER_SILENT, SEEN_REPORTS, &ready, "4 of 10");
	check_reason(ANSWER_DETECTS, SEEN_SURPRISE, &ready, "lock-order: cycle (run 7)");
	check_reason(ANSWER_DETECTS, SEEN_FORBIDDEN, &ready, "'boom' (run 3)");
	check_reason(ANSWER_DETECTS, SEEN_INCONCLUSIVE, &ready,
		     "2 of 10 runs are inconclusive; the first: run 4");
	check_reason(ANSWER_DETECTS, SEEN_NOTHING, &ready, "nothing ran");
	check_reason(ANSWER_DETECTS, SEEN_NOTHING, &gone, "tool-unavailable: not installed");
	check_reason(ANSWER_DETECTS, SEEN_NOTHING, &unbuilt, "build-failed");
	check_reason(ANSWER_MISSES, SEEN_SILENT, &ready, REASON);
}

static void check_observed(enum variant variant, enum tool_id tool, enum seen seen,
			   const char *expected)
{
	struct testcase *tc = case_expecting(variant, tool, ANSWER_SILENT);
	const struct target target = { .tc = tc, .variant = variant };
	const struct circumstances ready = { .tool = TOOL_READY };
	struct cell cell = observations[seen];
	struct verdict verdict;

	cell.target = &target;
	cell.tool = tool;
	verdict_of(&cell, &ready, &verdict);
	CHECK_TEXT_AT(seen_names[seen], verdict.observed, expected);
	verdict_release(&verdict);
	free(tc);
}

static void the_observation_has_a_name_of_its_own(void)
{
	check_observed(VARIANT_RACY, TOOL_TSAN, SEEN_NOTHING, "nothing");
	check_observed(VARIANT_RACY, TOOL_TSAN, SEEN_SILENT, "silent");
	check_observed(VARIANT_RACY, TOOL_TSAN, SEEN_REPORTS, "detects");
	check_observed(VARIANT_RACY, TOOL_NATIVE, SEEN_DIVERGED, "diverges");
	check_observed(VARIANT_RACY, TOOL_NATIVE, SEEN_BOTH, "detects");
	check_observed(VARIANT_FIXED, TOOL_DRD, SEEN_SURPRISE, "detects");
	check_observed(VARIANT_RACY, TOOL_TSAN, SEEN_INCONCLUSIVE_REPORTS, "detects");
}

static void runs_that_tell_nothing_are_not_called_silent(void)
{
	check_observed(VARIANT_RACY, TOOL_TSAN, SEEN_ALL_INCONCLUSIVE, "nothing");
}

static void check_inconclusive(enum answer answer, struct cell cell, enum verdict_status status,
			       const char *part)
{
	struct testcase *tc = case_expecting(VARIANT_RACY, TOOL_NATIVE, answer);
	const struct target target = { .tc = tc, .variant = VARIANT_RACY };
	const struct circumstances ready = { .tool = TOOL_READY };
	struct verdict verdict;

	cell.target = &target;
	cell.tool = TOOL_NATIVE;
	cell.first_inconclusive = "run 4: tool-error";
	verdict_of(&cell, &ready, &verdict);
	CHECK_TEXT(verdict_status_name(verdict.status), verdict_status_name(status));
	CHECK_HAS(verdict.reason, part);
	verdict_release(&verdict);
	free(tc);
}

static void a_bug_that_was_seen_counts_while_half_of_the_runs_tell_something(void)
{
	struct cell seen = { .runs = 10, .detected = 5, .diverged = 5, .bug_runs = 5 };
	struct cell unseen = { .runs = 10 };

	seen.inconclusive = 1;
	check_inconclusive(ANSWER_DETECTS, seen, VERDICT_PASS,
			   "5 of 10 runs; 1 of 10 runs are inconclusive; the first: run 4: "
			   "tool-error");
	check_inconclusive(ANSWER_DIVERGES, seen, VERDICT_PASS, "1 of 10 runs are inconclusive");
	seen.inconclusive = 5;
	check_inconclusive(ANSWER_DETECTS, seen, VERDICT_PASS, "5 of 10 runs are inconclusive");
	seen.inconclusive = 6;
	check_inconclusive(ANSWER_DETECTS, seen, VERDICT_INCONCLUSIVE,
			   "6 of 10 runs are inconclusive");
	unseen.inconclusive = 1;
	check_inconclusive(ANSWER_DETECTS, unseen, VERDICT_INCONCLUSIVE,
			   "1 of 10 runs are inconclusive");
	check_inconclusive(ANSWER_SILENT, unseen, VERDICT_INCONCLUSIVE,
			   "1 of 10 runs are inconclusive");
	check_inconclusive(ANSWER_MISSES, unseen, VERDICT_INCONCLUSIVE,
			   "1 of 10 runs are inconclusive");
}

static void judge_own(struct cell cell, enum tool_id tool, enum verdict_status status,
		      const char *part)
{
	const struct target target = { .id = "own.c", .source = "own.c" };
	const struct circumstances ready = { .tool = TOOL_READY };
	struct verdict verdict;

	cell.target = &target;
	cell.tool = tool;
	verdict_of(&cell, &ready, &verdict);
	CHECK_TEXT(verdict_status_name(verdict.status), verdict_status_name(status));
	CHECK_TEXT(verdict.expected, "clean");
	CHECK_HAS(verdict.reason, part);
	verdict_release(&verdict);
}

static void ones_own_program_fails_on_findings_bad_ends_and_divergence(void)
{
	struct outcome_count two[] = { { .text = "a", .count = 9 }, { .text = "b", .count = 1 } };
	struct cell same = { .runs = 10, .outcomes = { .items = two, .nr = 1 } };
	struct cell differ = { .runs = 10, .outcomes = { .items = two, .nr = 2 } };
	struct cell flood = { .runs = 10,
			      .other_outcomes = 1,
			      .outcomes = { .items = two, .nr = 1 } };

	judge_own(same, TOOL_NATIVE, VERDICT_PASS, "clean in 10 runs");
	judge_own(differ, TOOL_NATIVE, VERDICT_FAIL, "2 different outcomes");
	judge_own(differ, TOOL_TSAN, VERDICT_FAIL, "divergence");
	judge_own(flood, TOOL_NATIVE, VERDICT_FAIL, "divergence: at least 2 different");
	judge_own(observations[SEEN_REPORTS], TOOL_DRD, VERDICT_FAIL, "4 of 10");
	judge_own(observations[SEEN_FORBIDDEN], TOOL_NATIVE, VERDICT_FAIL, "'boom'");
	judge_own(observations[SEEN_NOTHING], TOOL_NATIVE, VERDICT_SKIPPED, "nothing ran");
	judge_own(observations[SEEN_INCONCLUSIVE], TOOL_TSAN, VERDICT_INCONCLUSIVE,
		  "2 of 10 runs are inconclusive");
}

static void findings_are_not_hidden_by_what_is_inconclusive(void)
{
	struct outcome_count two[] = { { .text = "a", .count = 8 },
				       { .text = "[limit steps]", .count = 2, .undecided = true } };
	struct cell cut = { .runs = 10,
			    .undecided = 2,
			    .first_undecided = "schedule 3, at the limit on steps: --max-steps",
			    .outcomes = { .items = two, .nr = 2 } };
	struct cell raced = cut, unsupported = cut;

	judge_own(observations[SEEN_INCONCLUSIVE_REPORTS], TOOL_TSAN, VERDICT_FAIL,
		  "findings in 4 of 10 runs; 2 of 10 runs are inconclusive; the first: run 4");
	judge_own(cut, TOOL_EXPLORE, VERDICT_INCONCLUSIVE,
		  "2 of 10 schedules are inconclusive; the first: schedule 3, at the limit on "
		  "steps: --max-steps");
	raced.detected = 3;
	judge_own(raced, TOOL_EXPLORE, VERDICT_FAIL,
		  "findings in 3 of 10 schedules; 2 of 10 schedules are inconclusive");
	// Results that differ because the program reads what is not controlled are no finding.
	unsupported.inconclusive = 1;
	unsupported.first_inconclusive = "run 1: unsupported: child processes uncontrolled";
	two[1].undecided = false;
	judge_own(unsupported, TOOL_EXPLORE, VERDICT_INCONCLUSIVE, "unsupported");
	unsupported.detected = 1;
	judge_own(unsupported, TOOL_EXPLORE, VERDICT_FAIL, "findings in 1 of 10");
	judge_own(unsupported, TOOL_NATIVE, VERDICT_FAIL, "findings in 1 of 10");
	unsupported.detected = 0;
	judge_own(unsupported, TOOL_NATIVE, VERDICT_FAIL, "divergence: 2 different outcomes");
}

static void statuses_have_their_names(void)
{
	CHECK_TEXT(verdict_status_name(VERDICT_PASS), "pass");
	CHECK_TEXT(verdict_status_name(VERDICT_FAIL), "fail");
	CHECK_TEXT(verdict_status_name(VERDICT_INCONCLUSIVE), "inconclusive");
	CHECK_TEXT(verdict_status_name(VERDICT_ERROR), "error");
	CHECK_TEXT(verdict_status_name(VERDICT_SKIPPED), "skipped");
}

void suite_verdict(void)
{
	static const struct test_case cases[] = {
		{ "every answer meets every observation", every_answer_meets_every_observation },
		{ "nothing passes without a tool or a build",
		  nothing_passes_without_a_tool_or_a_build },
		{ "a tool that no canary has proved never passes", an_unproved_tool_never_passes },
		{ "reasons say how many and which", reasons_say_how_many_and_which },
		{ "the observation has a name of its own", the_observation_has_a_name_of_its_own },
		{ "inconclusive runs are not called silent",
		  runs_that_tell_nothing_are_not_called_silent },
		{ "a bug that was seen counts while half of the runs tell something",
		  a_bug_that_was_seen_counts_while_half_of_the_runs_tell_something },
		{ "one's own program fails on findings, bad ends and divergence",
		  ones_own_program_fails_on_findings_bad_ends_and_divergence },
		{ "findings are not hidden by what is inconclusive",
		  findings_are_not_hidden_by_what_is_inconclusive },
		{ "statuses have their names", statuses_have_their_names },
	};

	test_suite("verdict", cases, ARRAY_SIZE(cases));
}
