// Campaigns of the explorer, judged: each of their schedules counts as a run.
#include "base/mem.h"
#include "judge/assess.h"
#include "judge/verdict.h"
#include "test/graded.h"
#include "test/support.h"

#include <stdio.h>
#include <stdlib.h>

enum { SCHEDULES = 300 };

static void add_outcome(struct record *record, const char *text, bool ended, uint64_t count,
			uint64_t first)
{
	*VEC_PUSH(&record->explored.outcomes) = (struct explored_outcome){
		.text = xstrdup(text), .ended = ended, .count = count, .first = first
	};
}

// A campaign that showed `found` times what is in its findings, first at schedule `first`.
static struct record campaign(uint64_t found, uint64_t first)
{
	struct record record = run_of(TOOL_EXPLORE, "");

	record.explored =
		(struct explored){ .schedules = SCHEDULES, .found = found, .first = first };
	return record;
}

static uint64_t sum_of(const struct cell *cell)
{
	uint64_t sum = cell->other_outcomes;

	for (size_t i = 0; i < cell->outcomes.nr; i++)
		sum += cell->outcomes.items[i].count;
	return sum;
}

// Adds a campaign with the outcome, and the schedule of so many preemptions, if any.
static void add_shown(struct cell *cell, const char *schedule, uint64_t preemptions)
{
	struct record record = campaign(0, 0);

	add_outcome(&record, "sum 5", true, 10, 1);
	record.explored.outcomes.items[0].schedule = xstrdup(schedule);
	record.explored.outcomes.items[0].preemptions = preemptions;
	cell_add(cell, &record);
	record_release(&record);
}

static void of_several_schedules_the_simplest_is_kept(void)
{
	struct cell cell;

	cell_init(&cell, &racy, TOOL_EXPLORE);
	add_shown(&cell, NULL, 0);
	CU_ASSERT_PTR_NULL(cell.outcomes.items[0].schedule);
	add_shown(&cell, "first", 3);
	CHECK_TEXT(cell.outcomes.items[0].schedule, "first");
	add_shown(&cell, "same", 3);
	add_shown(&cell, "longer", 4);
	add_shown(&cell, NULL, 0);
	CHECK_TEXT(cell.outcomes.items[0].schedule, "first");
	add_shown(&cell, "fewer", 2);
	CHECK_TEXT(cell.outcomes.items[0].schedule, "fewer");
	CHECK_NUMBER(cell.outcomes.items[0].preemptions, 2);
	CHECK_NUMBER(cell.outcomes.items[0].count, 60);
	cell_release(&cell);
}

static void outcomes_add_up_over_schedules(void)
{
	struct record record = campaign(45, 5);
	struct cell cell;

	add(&record.findings, KIND_HANG, "x");
	add_outcome(&record, "sum 5", true, 60, 9);
	add_outcome(&record, "sum 0", true, 200, 1);
	add_outcome(&record, "[hang]", false, 40, 3);
	cell_init(&cell, &racy, TOOL_EXPLORE);
	cell_add(&cell, &record);
	cell_sort(&cell);
	CHECK_NUMBER(cell.runs, SCHEDULES);
	CHECK_NUMBER(sum_of(&cell), SCHEDULES);
	CHECK_NUMBER(cell.detected, 45);
	CHECK_NUMBER(cell.diverged, 100);
	CHECK_NUMBER(cell.bug_runs, 100);
	CHECK_NUMBER(cell.unlisted, 0);
	CHECK_NUMBER(cell.first_detection, 3);
	CHECK_NUMBER(cell.outcomes.nr, 3);
	CHECK_TEXT(cell.outcomes.items[0].text, "sum 0");
	CHECK_NUMBER(cell.outcomes.items[0].grade, GRADE_ACCEPTABLE);
	CHECK_TEXT(cell.outcomes.items[1].text, "sum 5");
	CHECK_NUMBER(cell.outcomes.items[1].grade, GRADE_INTERESTING);
	CHECK_NUMBER(cell.outcomes.items[2].count, 40);

	cell_add(&cell, &record); // another campaign
	CHECK_NUMBER(cell.runs, 2 * SCHEDULES);
	CHECK_NUMBER(sum_of(&cell), 2 * SCHEDULES);
	CHECK_NUMBER(cell.detected, 90);
	CHECK_NUMBER(cell.diverged, 200);
	CHECK_NUMBER(cell.first_detection, 3);
	CHECK_NUMBER(cell.outcomes.nr, 3);
	cell_release(&cell);
	record_release(&record);
}

static void the_first_that_shows_anything_is_the_first_detection(void)
{
	struct record silent = campaign(0, 0), late = campaign(2, 70);
	struct cell cell;

	add_outcome(&silent, "sum 0", true, SCHEDULES, 1);
	add(&late.findings, KIND_HANG, "x");
	add_outcome(&late, "sum 0", true, SCHEDULES, 1);
	cell_init(&cell, &racy, TOOL_EXPLORE);
	cell_add(&cell, &silent);
	CHECK_NUMBER(cell.first_detection, 0);
	CHECK_NUMBER(cell.bug_runs, 0);
	cell_add(&cell, &late);
	CHECK_NUMBER(cell.first_detection, SCHEDULES + 70);
	CHECK_NUMBER(cell.bug_runs, 2);
	cell_release(&cell);
	record_release(&silent);
	record_release(&late);
}

static void forbidden_schedules_are_counted_and_named(void)
{
	struct record record = campaign(0, 0);
	struct cell cell;

	add_outcome(&record, "sum 0", true, 280, 1);
	add_outcome(&record, "torn", true, 15, 12);
	add_outcome(&record, "never heard of", true, 5, 33);
	cell_init(&cell, &racy, TOOL_EXPLORE);
	cell_add(&cell, &record);
	CHECK_NUMBER(cell.unlisted, 20);
	CHECK_NUMBER(cell.diverged, 20);
	CHECK_NUMBER(cell.first_detection, 12);
	CHECK_TEXT(cell.first_unlisted, "'torn' (schedule 12)");
	cell_release(&cell);
	record_release(&record);
}

/*
 * A campaign that was ended by its time-out after some of its schedules: what was
 * found counts, but that nothing was found says less than was asked for.
 */
static void a_time_out_is_inconclusive_unless_something_was_found(void)
{
	static const struct {
		const char *name, *outcome;
		enum evidence evidence;
		uint64_t schedules;
		bool finding, inconclusive;
	} rows[] = {
		{ "nothing", "sum 0", EVIDENCE_WHOLE, SCHEDULES, false, true },
		{ "a finding", "sum 0", EVIDENCE_WHOLE, SCHEDULES, true, false },
		{ "an outcome", "torn", EVIDENCE_WHOLE, SCHEDULES, false, false },
		{ "no schedule", NULL, EVIDENCE_WHOLE, 0, false, true },
		{ "no log", NULL, EVIDENCE_MISSING, 0, false, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (int idle = 0; idle < 2; idle++) {
			struct record record = campaign(0, 0);
			struct assessment a;

			record.how = idle ? ENDING_HANG : ENDING_TIMEOUT;
			record.wall_ns = 61200000000;
			record.cpu_ns = 60000000000;
			record.evidence = rows[i].evidence;
			record.explored.schedules = rows[i].schedules;
			if (rows[i].outcome)
				add_outcome(&record, rows[i].outcome, true, SCHEDULES, 1);
			if (rows[i].finding)
				add(&record.findings, KIND_HANG, "x");
			assess(&racy, &record, &a);
			CHECK_AT(rows[i].name, (a.inconclusive != NULL) == rows[i].inconclusive);
			if (a.inconclusive) {
				CHECK_HAS(a.inconclusive,
					  "time-out: the explorer was stopped after 61.2 s");
				CHECK_HAS(a.inconclusive, "--timeout");
			}
			assessment_release(&a);
			record_release(&record);
		}
}

static void endless_outcomes_do_not_fill_the_memory(void)
{
	enum { MANY = 3000 };
	struct record record = campaign(0, 0);
	struct cell cell;

	for (int i = 0; i < MANY; i++) {
		char out[32];

		snprintf(out, sizeof(out), "%d", i);
		add_outcome(&record, out, true, 1, (uint64_t)i + 1);
	}
	cell_init(&cell, &own, TOOL_EXPLORE);
	cell_add(&cell, &record);
	CU_ASSERT(cell.other_outcomes > 0);
	CHECK_NUMBER(sum_of(&cell), MANY);
	cell_release(&cell);
	record_release(&record);
}

// The verdict on one campaign; the record is released.
static void judged(const struct target *target, struct record record, enum verdict_status status,
		   const char *observed, const char *reason)
{
	const struct circumstances circumstances = { .tool = TOOL_READY };
	struct verdict v;
	struct cell cell;

	cell_init(&cell, target, TOOL_EXPLORE);
	cell_add(&cell, &record);
	verdict_of(&cell, &circumstances, &v);
	CHECK_TEXT_AT(reason, verdict_status_name(v.status), verdict_status_name(status));
	CHECK_TEXT_AT(reason, v.observed, observed);
	CHECK_HAS(v.reason, reason);
	verdict_release(&v);
	cell_release(&cell);
	record_release(&record);
}

static struct record with(struct record record, const char *text, bool ended, uint64_t count)
{
	add_outcome(&record, text, ended, count, 1);
	return record;
}

static struct record having(struct record record, enum finding_kind kind)
{
	add(&record.findings, kind, "words");
	return record;
}

static void a_case_says_what_the_explorer_sees(void)
{
	struct testcase tc = race_case;
	const struct target racy_one = { .id = "f/c/racy", .tc = &tc, .variant = VARIANT_RACY },
			    fixed_one = { .id = "f/c/fixed", .tc = &tc, .variant = VARIANT_FIXED };
	struct record some;

	tc.expect[VARIANT_RACY][TOOL_EXPLORE].answer = ANSWER_DIVERGES;
	tc.expect[VARIANT_FIXED][TOOL_EXPLORE].answer = ANSWER_SILENT;
	some = with(campaign(0, 0), "sum 0", true, 299);
	judged(&racy_one, with(some, "sum 1", true, 1), VERDICT_PASS, "diverges",
	       "diverged in 1 of 300 runs");
	judged(&racy_one, with(campaign(0, 0), "sum 0", true, SCHEDULES), VERDICT_FAIL, "silent",
	       "diverged in 0 of 300 runs, but divergence was expected");
	judged(&fixed_one, with(campaign(0, 0), "sum 0", true, SCHEDULES), VERDICT_PASS, "silent",
	       "silent in 300 runs");
	some = with(campaign(0, 0), "sum 0", true, 299);
	judged(&fixed_one, with(some, "sum 1", true, 1), VERDICT_FAIL, "diverges",
	       "1 of 300 runs ended with a forbidden outcome; the first: 'sum 1' (schedule 1)");
	some = having(campaign(45, 5), KIND_HANG);
	judged(&fixed_one, with(some, "sum 0", true, SCHEDULES), VERDICT_FAIL, "detects",
	       "45 of 300 runs have a report that the case does not list");

	tc.expect[VARIANT_RACY][TOOL_EXPLORE].answer = ANSWER_DETECTS;
	some = having(campaign(45, 5), KIND_HANG);
	judged(&racy_one, with(some, "sum 0", true, SCHEDULES), VERDICT_PASS, "detects",
	       "reported in 45 of 300 runs");
	some = having(campaign(45, 5), KIND_DOUBLE_LOCK);
	judged(&racy_one, with(some, "sum 0", true, SCHEDULES), VERDICT_FAIL, "detects",
	       "45 of 300 runs have a report that the case does not list");

	tc.expect[VARIANT_RACY][TOOL_EXPLORE].answer = ANSWER_NONE;
	judged(&racy_one, with(campaign(0, 0), "sum 0", true, SCHEDULES), VERDICT_PASS, "silent",
	       "the case states no expectation; the bug showed in 0 of 300 runs");
}

static void ones_own_program_has_one_outcome_and_no_findings(void)
{
	struct record some;

	judged(&own, with(campaign(0, 0), "sum 0", true, SCHEDULES), VERDICT_PASS, "silent",
	       "clean in 300 schedules");
	some = with(campaign(0, 0), "sum 0", true, 299);
	judged(&own, with(some, "sum 1", true, 1), VERDICT_FAIL, "diverges",
	       "divergence: 2 different outcomes in 300 runs");
	some = with(campaign(0, 0), "sum 0", true, 299);
	judged(&own, with(some, "sum 0 [hang]", false, 1), VERDICT_FAIL, "diverges",
	       "1 of 300 schedules did not exit normally; the first: 'sum 0 [hang]' (schedule 1)");
	some = having(campaign(45, 5), KIND_DATA_RACE);
	judged(&own, with(some, "sum 0", true, SCHEDULES), VERDICT_FAIL, "detects",
	       "findings in 45 of 300 schedules");
}

// A campaign of which `count` schedules end with the exit status, the others with 0.
static struct record exiting(int status, uint64_t count)
{
	char *text = xasprintf("[exit %d]", status);
	struct record record = with(campaign(0, 0), text, true, count);

	record.explored.outcomes.items[0].code = status;
	record.explored.outcomes.items[0].err = xstrdup("cannot open\\n");
	free(text);
	return count < SCHEDULES ? with(record, "", true, SCHEDULES - count) : record;
}

static void an_exit_status_is_a_failure_of_ones_own_program(void)
{
	struct target tolerant = own;
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL_FATAL(gate_add_exits(&tolerant.gate, "1,3", &err), 0);
	judged(&own, exiting(3, SCHEDULES), VERDICT_FAIL, "fails",
	       "the program fails by itself, in 300 of 300 schedules: exit 3; stderr: cannot open");
	judged(&own, exiting(3, 12), VERDICT_FAIL, "diverges",
	       "12 of 300 schedules did not exit normally; the first: '[exit 3]' (schedule 1), "
	       "exit 3; stderr: cannot open");
	judged(&tolerant, exiting(3, SCHEDULES), VERDICT_PASS, "silent", "clean in 300 schedules");
	judged(&tolerant, exiting(2, SCHEDULES), VERDICT_FAIL, "fails", "fails by itself");
	judged(&own, exiting(EXIT_STATUS_SKIPPED, SCHEDULES), VERDICT_SKIPPED, "silent",
	       "the program skipped itself: exit 77 in 300 of 300 schedules");
	judged(&own, exiting(EXIT_STATUS_SKIPPED, 12), VERDICT_FAIL, "diverges",
	       "divergence: 2 different outcomes");
}

static void an_end_is_no_matter_of_brackets(void)
{
	judged(&own, with(campaign(0, 0), "[exit 3]", true, SCHEDULES), VERDICT_PASS, "silent",
	       "clean in 300 schedules");
	judged(&own, with(campaign(0, 0), "[1, 2]", true, SCHEDULES), VERDICT_PASS, "silent",
	       "clean in 300 schedules");
}

static void what_is_not_controlled_is_no_verdict(void)
{
	struct record some;

	judged(&own, with(having(campaign(0, 0), KIND_UNCONTROLLED), "sum 0", true, SCHEDULES),
	       VERDICT_INCONCLUSIVE, "silent",
	       "inconclusive; the first: run 7: uncontrolled: words");
	judged(&own, with(having(campaign(0, 0), KIND_UNSUPPORTED), "sum 0", true, SCHEDULES),
	       VERDICT_INCONCLUSIVE, "silent",
	       "inconclusive; the first: run 7: unsupported: words");
	some = having(campaign(45, 5), KIND_DATA_RACE); // one was confirmed, another was not
	some = having(some, KIND_UNCONTROLLED);
	judged(&own, with(some, "sum 0", true, SCHEDULES), VERDICT_FAIL, "detects",
	       "findings in 45 of 300 schedules; 1 of 300 runs are inconclusive; the first: run 7: "
	       "uncontrolled: words");
}

static struct record limited(struct record record, const char *name, uint64_t count)
{
	char *text = xasprintf("[limit %s]", name);

	add_outcome(&record, text, false, count, 7);
	record.explored.outcomes.items[record.explored.outcomes.nr - 1].limit = xstrdup(name);
	free(text);
	return record;
}

static void a_limit_is_inconclusive_and_hides_no_finding(void)
{
	struct testcase tc = race_case;
	const struct target fixed_one = { .id = "f/c/fixed", .tc = &tc, .variant = VARIANT_FIXED };
	struct outcome_row listed = { .result = "[limit steps]" };
	struct record some;

	some = with(campaign(0, 0), "sum 0", true, 288);
	judged(&own, limited(some, "steps", 12), VERDICT_INCONCLUSIVE, "silent",
	       "12 of 300 schedules are inconclusive; the first: schedule 7, at the limit on "
	       "steps: --max-steps N allows more");
	judged(&own, limited(campaign(0, 0), "256 threads", SCHEDULES), VERDICT_INCONCLUSIVE,
	       "nothing", "at the limit on 256 threads: try a smaller input");
	some = with(having(campaign(45, 5), KIND_DATA_RACE), "sum 0", true, 288);
	judged(&own, limited(some, "steps", 12), VERDICT_FAIL, "detects",
	       "findings in 45 of 300 schedules; 12 of 300 schedules are inconclusive");
	some = with(campaign(0, 0), "sum 0", true, 200);
	some = with(some, "sum 1", true, 88);
	judged(&own, limited(some, "time", 12), VERDICT_FAIL, "diverges",
	       "; 12 of 300 schedules are inconclusive");
	// A case may say that it is a result.
	tc.expect[VARIANT_FIXED][TOOL_EXPLORE].answer = ANSWER_SILENT;
	some = with(campaign(0, 0), "sum 0", true, 288);
	judged(&fixed_one, limited(some, "steps", 12), VERDICT_INCONCLUSIVE, "silent",
	       "12 of 300 schedules are inconclusive");
	tc.outcomes = &listed;
	tc.nr_outcomes = 1;
	judged(&fixed_one, limited(campaign(0, 0), "steps", SCHEDULES), VERDICT_PASS, "silent",
	       "silent in 300 runs");
}

static void an_error_of_the_explorer_itself_is_no_verdict(void)
{
	struct record record = with(campaign(0, 0), "sum 0", true, SCHEDULES);

	record.code = 3;
	free(record.err);
	record.err = xstrdup("racegate-explore: the explored program is gone");
	judged(&own, record, VERDICT_INCONCLUSIVE, "silent",
	       "tool-error: the explorer ended with 3: racegate-explore: the explored program is "
	       "gone");
	record = with(campaign(0, 0), "sum 0", true, SCHEDULES);
	record.evidence = EVIDENCE_CUT;
	judged(&fixed, record, VERDICT_INCONCLUSIVE, "silent", "tampered: ");
}

void suite_explored_judged(void)
{
	static const struct test_case cases[] = {
		{ "outcomes add up over schedules", outcomes_add_up_over_schedules },
		{ "of several schedules the simplest is kept",
		  of_several_schedules_the_simplest_is_kept },
		{ "the first that shows anything is the first detection",
		  the_first_that_shows_anything_is_the_first_detection },
		{ "forbidden schedules are counted and named",
		  forbidden_schedules_are_counted_and_named },
		{ "endless outcomes do not fill the memory",
		  endless_outcomes_do_not_fill_the_memory },
		{ "a case says what the explorer sees", a_case_says_what_the_explorer_sees },
		{ "one's own program has one outcome and no findings",
		  ones_own_program_has_one_outcome_and_no_findings },
		{ "an exit status is a failure of one's own program",
		  an_exit_status_is_a_failure_of_ones_own_program },
		{ "an end is no matter of brackets", an_end_is_no_matter_of_brackets },
		{ "a limit is inconclusive and hides no finding",
		  a_limit_is_inconclusive_and_hides_no_finding },
		{ "what is not controlled is no verdict", what_is_not_controlled_is_no_verdict },
		{ "an error of the explorer itself is no verdict",
		  an_error_of_the_explorer_itself_is_no_verdict },
		{ "a time-out is inconclusive unless something was found",
		  a_time_out_is_inconclusive_unless_something_was_found },
	};

	test_suite("explored_judged", cases, ARRAY_SIZE(cases));
}
