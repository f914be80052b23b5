// Many runs of a target under one tool, counted in a cell.
#include "base/mem.h"
#include "judge/tally.h"
#include "test/graded.h"
#include "test/support.h"

#include <stdio.h>

static void a_cell_counts_each_run_once(void)
{
	struct cell cell;

	cell_init(&cell, &racy, TOOL_NATIVE);
	for (int i = 0; i < 10; i++) {
		struct record record = run_of(TOOL_NATIVE, i < 6 ? "sum 0" : "sum 5");

		record.run = (uint64_t)i + 1;
		record.seed = (uint64_t)i * 100;
		record.wall_ns = 5;
		record.cpu_ns = 3;
		if (i == 9) {
			add(&record.endings, KIND_HANG, "x");
			add(&record.endings, KIND_HANG, "y");
		}
		cell_add(&cell, &record);
		record_release(&record);
	}
	cell_sort(&cell);
	CHECK_NUMBER(cell.runs, 10);
	CHECK_NUMBER(cell.diverged, 4);
	CHECK_NUMBER(cell.detected, 1);
	CHECK_NUMBER(cell.bug_runs, 4);
	CHECK_NUMBER(cell.first_detection, 7);
	CHECK_NUMBER(cell.wall_ns, 50);
	CHECK_NUMBER(cell.cpu_ns, 30);
	CHECK_NUMBER(cell.outcomes.nr, 2);
	CHECK_TEXT(cell.outcomes.items[0].text, "sum 0");
	CHECK_NUMBER(cell.outcomes.items[0].count, 6);
	CHECK_TEXT(cell.outcomes.items[1].text, "sum 5");
	CHECK_NUMBER(cell.outcomes.items[1].first_run, 7);
	CHECK_NUMBER(cell.outcomes.items[1].first_seed, 600);
	cell_release(&cell);
}

static void a_cell_keeps_the_words_of_the_first(void)
{
	struct cell cell;

	cell_init(&cell, &racy, TOOL_TSAN);
	for (int i = 1; i <= 3; i++) {
		char out[32];
		struct record record;

		snprintf(out, sizeof(out), "boom %d", i);
		record = run_of(TOOL_TSAN, out);
		record.run = (uint64_t)i;
		record.evidence = EVIDENCE_MISSING;
		add(&record.findings, KIND_LOCK_ORDER, out);
		cell_add(&cell, &record);
		record_release(&record);
	}
	CHECK_NUMBER(cell.unlisted, 3);
	CHECK_NUMBER(cell.unexpected, 3);
	CHECK_NUMBER(cell.inconclusive, 3);
	CHECK_TEXT(cell.first_unlisted, "'boom 1' (run 1)");
	CHECK_TEXT(cell.first_surprise, "lock-order: boom 1 (run 1)");
	CHECK_HAS(cell.first_inconclusive, "run 1: ");
	cell_release(&cell);
}

static void endless_different_outcomes_do_not_fill_the_memory(void)
{
	struct cell cell;

	cell_init(&cell, &own, TOOL_NATIVE);
	for (int i = 0; i < 2000; i++) {
		char out[32];
		struct record record;

		snprintf(out, sizeof(out), "%d", i);
		record = run_of(TOOL_NATIVE, out);
		cell_add(&cell, &record);
		record_release(&record);
	}
	CHECK_NUMBER(cell.runs, 2000);
	CHECK_NUMBER(cell.outcomes.nr, 1024);
	CHECK_NUMBER(cell.outcomes.nr + cell.other_outcomes, 2000);
	CHECK_NUMBER(cell_outcomes(&cell), 1025);
	cell_release(&cell);
}

static void counts_own(const char *out, uint64_t bytes, uint64_t hash, struct cell *cell)
{
	struct record record = run_of(TOOL_NATIVE, out);

	record.out_total = bytes;
	record.out_hash = hash;
	cell_add(cell, &record);
	record_release(&record);
}

// The text leaves out the newline at the end; that one had none.
static void results_that_only_look_the_same_are_two(void)
{
	struct cell cell;

	cell_init(&cell, &own, TOOL_NATIVE);
	counts_own("x", 2, 0x22, &cell);
	counts_own("x", 1, 0x11, &cell);
	counts_own("x", 2, 0x22, &cell);
	counts_own("x", 1, 0x11, &cell);
	counts_own("x", 2, 0x22, &cell);
	cell_sort(&cell);
	CHECK_NUMBER(cell_outcomes(&cell), 2);
	CHECK_TEXT(cell.outcomes.items[0].text, "x");
	CHECK_NUMBER(cell.outcomes.items[0].count, 3);
	CHECK_TEXT(cell.outcomes.items[1].text, "x... [1 bytes, hash 0000000000000011]");
	CHECK_NUMBER(cell.outcomes.items[1].count, 2);
	cell_release(&cell);
	// Its case lists the results, and what is the same.
	cell_init(&cell, &racy, TOOL_NATIVE);
	counts_own("sum 1", 6, 0x22, &cell);
	counts_own("sum 1", 5, 0x11, &cell);
	CHECK_NUMBER(cell_outcomes(&cell), 1);
	cell_release(&cell);
}

// Each schedule of a campaign counts as a run, and what its campaigns have shown adds up.
static void campaigns_of_a_target_add_up(void)
{
	struct cell cell;

	cell_init(&cell, &racy, TOOL_EXPLORE);
	for (uint64_t i = 1; i <= 2; i++) {
		struct record record = run_of(TOOL_EXPLORE, "");
		struct policy_stats *stats;

		record.seed = i;
		record.explored.schedules = 100;
		guarantee_stats(&record.explored.guarantee, "random walk", 0)->iterations = 60;
		stats = guarantee_stats(&record.explored.guarantee, "POS", 0);
		stats->iterations = 40;
		stats->steps = 8 + i;
		cell_add(&cell, &record);
		record_release(&record);
	}
	CHECK_NUMBER(cell.runs, 200);
	CHECK_NUMBER(guarantee_stats(&cell.guarantee, "random walk", 0)->iterations, 120);
	CHECK_NUMBER(guarantee_stats(&cell.guarantee, "POS", 0)->iterations, 80);
	CHECK_NUMBER(guarantee_stats(&cell.guarantee, "POS", 0)->steps, 10);
	CHECK_NUMBER(cell.campaigns.nr, 2);
	CHECK_NUMBER(cell.campaigns.items[1].seed, 2);
	CHECK_NUMBER(cell.campaigns.items[1].schedules, 100);
	CHECK_NUMBER(cell.campaigns.items[1].first, 0);
	cell_release(&cell);
}

static void runs_are_counted_by_build(void)
{
	static const char *const builds[] = { "O0", "O2", "O2", "" };
	struct cell cell;

	cell_init(&cell, &racy, TOOL_NATIVE);
	for (size_t i = 0; i < ARRAY_SIZE(builds); i++) {
		struct record record = run_of(TOOL_NATIVE, i == 1 ? "sum 5" : "sum 0");

		record.build = xstrdup(builds[i]);
		cell_add(&cell, &record);
		record_release(&record);
	}
	CHECK_TEXT(cell.builds[0].name, "O0");
	CHECK_NUMBER(cell.builds[0].runs, 1);
	CHECK_NUMBER(cell.builds[0].bug_runs, 0);
	CHECK_TEXT(cell.builds[1].name, "O2");
	CHECK_NUMBER(cell.builds[1].runs, 2);
	CHECK_NUMBER(cell.builds[1].bug_runs, 1);
	cell_release(&cell);
}

static void nothing_of_a_cell_is_kept(void)
{
	size_t before = 0;

	for (int i = 0; i < 200; i++) {
		struct cell cell;

		cell_init(&cell, &racy, TOOL_NATIVE);
		for (int run = 0; run < 4; run++) {
			struct record record = run_of(TOOL_NATIVE, run % 2 ? "sum 5" : "sum 0");

			record.build = xstrdup(run < 2 ? "O0" : "O2");
			cell_add(&cell, &record);
			record_release(&record);
		}
		cell_release(&cell);
		CU_ASSERT_PTR_NULL(cell.target);
		// What the first rounds leave in the allocator's caches.
		if (i == 100)
			before = heap_used();
	}
	CU_ASSERT_TRUE(heap_used() <= before + 1000);
}

void suite_tally(void)
{
	static const struct test_case cases[] = {
		{ "a cell counts each run once", a_cell_counts_each_run_once },
		{ "campaigns of a target add up", campaigns_of_a_target_add_up },
		{ "nothing of a cell is kept", nothing_of_a_cell_is_kept },
		{ "runs are counted by build", runs_are_counted_by_build },
		{ "a cell keeps the words of the first", a_cell_keeps_the_words_of_the_first },
		{ "results that only look the same are two",
		  results_that_only_look_the_same_are_two },
		{ "endless different outcomes do not fill the memory",
		  endless_different_outcomes_do_not_fill_the_memory },
	};

	test_suite("tally", cases, ARRAY_SIZE(cases));
}
