#include "base/mem.h"
#include "run/plan.h"
#include "test/support.h"

#include <stdlib.h>
#include <string.h>

static struct plan plan_of(const struct plan_cell *cells, size_t nr)
{
	struct plan plan = { 0 };

	for (size_t i = 0; i < nr; i++)
		*VEC_PUSH(&plan) = cells[i];
	return plan;
}

// Starts and ends runs one at a time until there are no more, or `most` were done.
static uint64_t run_all(struct plan *plan, const bool *detected, uint64_t most)
{
	uint64_t done = 0;
	long cell;

	while (done < most && (cell = plan_next(plan)) >= 0) {
		plan_ended(plan, (size_t)cell, detected[cell], 10);
		done++;
	}
	return done;
}

static void a_cell_that_must_stay_silent_takes_all_its_runs(void)
{
	struct plan plan = plan_of(&(struct plan_cell){ .runs = 20 }, 1);
	const bool detected = false;

	CHECK_NUMBER(run_all(&plan, &detected, 1000), 20);
	CHECK_NUMBER(plan.items[0].ended, 20);
	CU_ASSERT_EQUAL(plan_next(&plan), -1);
	plan_release(&plan);
}

static void reports_do_not_shorten_a_silent_cell(void)
{
	struct plan plan = plan_of(&(struct plan_cell){ .runs = 20, .enough = 0 }, 1);
	const bool detected = true;

	CHECK_NUMBER(run_all(&plan, &detected, 1000), 20);
	CHECK_NUMBER(plan.items[0].detected, 20);
	plan_release(&plan);
}

// Each run of run_all() costs 10.
static void a_slow_cell_is_content_with_its_least_runs(void)
{
	struct plan plan =
		plan_of(&(struct plan_cell){ .runs = 100, .spend_ns = 50, .least = 8 }, 1);
	const bool detected = false;

	CHECK_NUMBER(run_all(&plan, &detected, 1000), 8);
	plan_release(&plan);
}

static void a_slow_cell_that_is_not_detected_gets_all_its_runs(void)
{
	struct plan plan = plan_of(
		&(struct plan_cell){
			.must_detect = true, .runs = 100, .enough = 5, .spend_ns = 50, .least = 8 },
		1);
	const bool detected = false;

	CHECK_NUMBER(run_all(&plan, &detected, 1000), 100);
	plan_release(&plan);
}

static void a_cell_stops_when_it_was_detected_often_enough(void)
{
	struct plan plan =
		plan_of(&(struct plan_cell){ .must_detect = true, .runs = 40, .enough = 10 }, 1);
	const bool detected = true;

	CHECK_NUMBER(run_all(&plan, &detected, 1000), 10);
	plan_release(&plan);
}

static void a_cell_that_is_never_detected_ends_at_its_limit(void)
{
	struct plan plan =
		plan_of(&(struct plan_cell){ .must_detect = true, .runs = 40, .enough = 10 }, 1);
	const bool detected = false;

	CHECK_NUMBER(run_all(&plan, &detected, 1000), 40);
	plan_release(&plan);
}

static void cells_are_run_one_after_the_other(void)
{
	const struct plan_cell cells[] = { { .runs = 3 }, { .runs = 2 } };
	struct plan plan = plan_of(cells, 2);
	static const long order[] = { 0, 0, 0, 1, 1, -1, -1 };

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		CHECK_NUMBER(plan_next(&plan), order[i]);
	plan_release(&plan);
}

static void runs_under_way_count_against_the_limit(void)
{
	struct plan plan = plan_of(&(struct plan_cell){ .runs = 2 }, 1);

	CHECK_NUMBER(plan_next(&plan), 0);
	CHECK_NUMBER(plan_next(&plan), 0);
	CHECK_NUMBER(plan_next(&plan), -1);
	CU_ASSERT_FALSE(plan_ended(&plan, 0, false, 1));
	CHECK_NUMBER(plan_next(&plan), -1);
	CU_ASSERT_TRUE(plan_ended(&plan, 0, false, 1));
	plan_release(&plan);
}

static void a_cell_is_done_when_its_last_run_under_way_has_ended(void)
{
	struct plan plan =
		plan_of(&(struct plan_cell){ .must_detect = true, .runs = 9, .enough = 3 }, 1);

	for (int i = 0; i < 3; i++)
		CHECK_NUMBER(plan_next(&plan), 0);
	CU_ASSERT_FALSE(plan_ended(&plan, 0, true, 1));
	CHECK_NUMBER(plan_next(&plan), -1);
	CU_ASSERT_FALSE(plan_ended(&plan, 0, true, 1));
	CU_ASSERT_TRUE(plan_ended(&plan, 0, true, 1));
	CHECK_NUMBER(plan.items[0].ended, 3);
	CHECK_NUMBER(plan.items[0].detected, 3);
	plan_release(&plan);
}

// With jobs for more than a round, what is started must be what is started one by one.
static void a_round_ends_before_the_next_one_begins(void)
{
	const struct plan_cell cells[] = {
		{ .must_detect = true, .runs = 6, .enough = 1, .round = 3 }, { .runs = 1 }
	};
	struct plan plan = plan_of(cells, 2);

	for (int i = 0; i < 3; i++)
		CHECK_NUMBER(plan_next(&plan), 0);
	CHECK_NUMBER(plan_next(&plan), 1); // others need not wait
	CU_ASSERT_FALSE(plan_ended(&plan, 0, false, 1));
	CU_ASSERT_FALSE(plan_ended(&plan, 0, false, 1));
	CHECK_NUMBER(plan_next(&plan), -1);
	CU_ASSERT_FALSE(plan_ended(&plan, 0, false, 1));
	for (int i = 0; i < 3; i++)
		CHECK_NUMBER(plan_next(&plan), 0);
	CHECK_NUMBER(plan_next(&plan), -1);
	plan_release(&plan);
}

static void a_round_is_taken_whole_however_early_it_was_detected(void)
{
	struct plan plan = plan_of(
		&(struct plan_cell){ .must_detect = true, .runs = 6, .enough = 1, .round = 3 }, 1);
	const bool detected = true;

	CHECK_NUMBER(run_all(&plan, &detected, 1000), 3);
	plan_release(&plan);
	plan = plan_of(&(struct plan_cell){ .runs = 3, .round = 3 }, 1);
	for (int i = 0; i < 3; i++) {
		CHECK_NUMBER(plan_next(&plan), 0);
		CHECK_NUMBER(plan_ended(&plan, 0, false, 1), i == 2);
	}
	plan_release(&plan);
}

// Three are enough and three are under way: the next cell's turn, until one was not detected.
static void no_more_are_under_way_than_may_be_needed(void)
{
	const struct plan_cell cells[] = {
		{ .must_detect = true, .runs = 20, .enough = 3 },
		{ .runs = 20 },
	};
	struct plan plan = plan_of(cells, 2);

	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(plan_next(&plan), 0);
	CU_ASSERT_EQUAL(plan_next(&plan), 1);
	CU_ASSERT_FALSE(plan_ended(&plan, 0, true, 10));
	CU_ASSERT_EQUAL(plan_next(&plan), 1);
	CU_ASSERT_FALSE(plan_ended(&plan, 0, false, 10));
	CU_ASSERT_EQUAL(plan_next(&plan), 0);
	CU_ASSERT_EQUAL(plan_next(&plan), 1);
	CU_ASSERT_FALSE(plan_ended(&plan, 0, true, 10));
	CU_ASSERT_TRUE(plan_ended(&plan, 0, true, 10));
	CHECK_NUMBER(plan.items[0].started, 4);
	CU_ASSERT_EQUAL(plan_next(&plan), 1);
	plan_release(&plan);
}

static void a_closed_cell_starts_nothing(void)
{
	const struct plan_cell cells[] = { { .must_detect = true, .runs = 5, .enough = 2 },
					   { .runs = 1 } };
	struct plan plan = plan_of(cells, 2);

	CHECK_NUMBER(plan_next(&plan), 0);
	plan_close(&plan, 0);
	CHECK_NUMBER(plan_next(&plan), 1);
	CHECK_NUMBER(plan_next(&plan), -1);
	CU_ASSERT_TRUE(plan_ended(&plan, 0, false, 1));
	plan.budgeted = true;
	CHECK_NUMBER(plan_next(&plan), -1);
	plan_release(&plan);
}

static void a_budget_serves_all_cells_in_proportion(void)
{
	const struct plan_cell cells[] = { { .runs = 100 }, { .runs = 10 }, { .runs = 50 } };
	const bool detected[] = { false, false, false };
	struct plan plan = plan_of(cells, 3);

	plan.budgeted = true;
	CHECK_NUMBER(run_all(&plan, detected, 80), 80);
	// Half of all the work: each cell has about half of its runs.
	for (size_t i = 0; i < 3; i++) {
		long off = (long)plan.items[i].started * 2 - (long)plan.items[i].runs;

		CU_ASSERT(off >= -2 && off <= 2);
	}
	CHECK_NUMBER(run_all(&plan, detected, 1000), 80);
	CHECK_NUMBER(plan_next(&plan), -1);
	plan_release(&plan);
}

static void time_left_goes_to_what_must_be_detected_and_was_not(void)
{
	const struct plan_cell cells[] = {
		{ .must_detect = true, .runs = 4, .enough = 2 },
		{ .runs = 4 },
		{ .must_detect = true, .runs = 4, .enough = 2 },
	};
	const bool detected[] = { false, false, true };
	struct plan plan = plan_of(cells, 3);

	plan.budgeted = true;
	CHECK_NUMBER(run_all(&plan, detected, 100), 100);
	CHECK_NUMBER(plan.items[1].started, 4);
	CHECK_NUMBER(plan.items[2].started, 2);
	CHECK_NUMBER(plan.items[0].started, 94);
	// Once it is detected there is nothing left to do.
	CHECK_NUMBER(plan_next(&plan), 0);
	plan_ended(&plan, 0, true, 1);
	CHECK_NUMBER(plan_next(&plan), -1);
	plan_release(&plan);
}

static void time_left_is_shared_by_time_spent(void)
{
	const struct plan_cell cells[] = { { .must_detect = true, .runs = 1, .enough = 1 },
					   { .must_detect = true, .runs = 1, .enough = 1 } };
	struct plan plan = plan_of(cells, 2);
	uint64_t started[2] = { 0 };

	plan.budgeted = true;
	for (int i = 0; i < 110; i++) {
		long cell = plan_next(&plan);

		CU_ASSERT_FATAL(cell >= 0);
		started[cell]++;
		plan_ended(&plan, (size_t)cell, false, cell ? 10 : 1);
	}
	CU_ASSERT(started[0] >= 95 && started[1] >= 8);
	plan_release(&plan);
}

static void the_end_of_a_cell_is_told_once(void)
{
	const struct plan_cell cells[] = { { .must_detect = true, .runs = 3, .enough = 1 },
					   { .runs = 2 } };
	struct plan plan = plan_of(cells, 2);
	int told[2] = { 0 };

	plan.budgeted = true;
	for (int i = 0; i < 20; i++) {
		long cell = plan_next(&plan);

		CU_ASSERT_FATAL(cell >= 0);
		told[cell] += plan_ended(&plan, (size_t)cell, false, 1);
	}
	CU_ASSERT(told[0] <= 1);
	CHECK_NUMBER(told[1], 1);
	plan_release(&plan);
}

static void progress_goes_from_0_to_1(void)
{
	const struct plan_cell cells[] = { { .runs = 4 },
					   { .must_detect = true, .runs = 40, .enough = 2 },
					   { .runs = 7 } };
	struct plan plan = plan_of(cells, 3), none = { 0 };
	const bool detected[] = { false, true, false };

	CU_ASSERT_EQUAL(plan_progress(&none), 1);
	CU_ASSERT_EQUAL(plan_progress(&plan), 0);
	plan_close(&plan, 2);
	run_all(&plan, detected, 4);
	CU_ASSERT_DOUBLE_EQUAL(plan_progress(&plan), 0.5, 1e-9);
	run_all(&plan, detected, 100);
	CU_ASSERT_DOUBLE_EQUAL(plan_progress(&plan), 1, 1e-9);
	plan_release(&plan);
}

static void progress_never_falls_or_passes_1(void)
{
	const struct plan_cell cells[] = { { .must_detect = true, .runs = 4, .enough = 2 },
					   { .runs = 9 } };
	const bool detected[] = { false, false };
	struct plan plan = plan_of(cells, 2);
	double last = 0;

	plan.budgeted = true;
	for (int i = 0; i < 50; i++) {
		run_all(&plan, detected, 1);
		CU_ASSERT(plan_progress(&plan) >= last && plan_progress(&plan) <= 1);
		last = plan_progress(&plan);
	}
	plan_release(&plan);
}

static void an_empty_plan_has_nothing_to_start(void)
{
	struct plan plan = { 0 };

	CHECK_NUMBER(plan_next(&plan), -1);
	plan.budgeted = true;
	CHECK_NUMBER(plan_next(&plan), -1);
	plan_release(&plan);
}

void suite_plan(void)
{
	static const struct test_case cases[] = {
		{ "a cell that must stay silent takes all its runs",
		  a_cell_that_must_stay_silent_takes_all_its_runs },
		{ "reports do not shorten a silent cell", reports_do_not_shorten_a_silent_cell },
		{ "a cell stops when it was detected often enough",
		  a_cell_stops_when_it_was_detected_often_enough },
		{ "a slow cell is content with its least runs",
		  a_slow_cell_is_content_with_its_least_runs },
		{ "a slow cell that is not detected gets all its runs",
		  a_slow_cell_that_is_not_detected_gets_all_its_runs },
		{ "a cell that is never detected ends at its limit",
		  a_cell_that_is_never_detected_ends_at_its_limit },
		{ "cells are run one after the other", cells_are_run_one_after_the_other },
		{ "runs under way count against the limit",
		  runs_under_way_count_against_the_limit },
		{ "a cell is done when its last run under way has ended",
		  a_cell_is_done_when_its_last_run_under_way_has_ended },
		{ "a round ends before the next one begins",
		  a_round_ends_before_the_next_one_begins },
		{ "a round is taken whole however early it was detected",
		  a_round_is_taken_whole_however_early_it_was_detected },
		{ "no more are under way than may be needed",
		  no_more_are_under_way_than_may_be_needed },
		{ "a closed cell starts nothing", a_closed_cell_starts_nothing },
		{ "a budget serves all cells in proportion",
		  a_budget_serves_all_cells_in_proportion },
		{ "time left goes to what must be detected and was not",
		  time_left_goes_to_what_must_be_detected_and_was_not },
		{ "time left is shared by time spent", time_left_is_shared_by_time_spent },
		{ "the end of a cell is told once", the_end_of_a_cell_is_told_once },
		{ "progress goes from 0 to 1", progress_goes_from_0_to_1 },
		{ "progress never falls or passes 1", progress_never_falls_or_passes_1 },
		{ "an empty plan has nothing to start", an_empty_plan_has_nothing_to_start },
	};

	test_suite("plan", cases, ARRAY_SIZE(cases));
}
