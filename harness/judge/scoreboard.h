/*
 * How good the tools are, measured on the catalogue: the columns of
 * DataRaceBench (Liao, Lin, Asplund, Schordan, Karlin: DataRaceBench: A
 * Benchmark Suite for Systematic Evaluation of Data Race Detection Tools,
 * SC 2017, doi:10.1145/3126908.3126958; support rate and adjusted F1 from its
 * published metrics) over pairs of a case and a variant. Pure functions.
 *
 *   racy variant   a positive; a true one when at least one run detects
 *   fixed variant  a negative; a false positive when at least one run detects
 *   detects        racy: the tool reports a finding of the case's kinds (a
 *                  race: on a marked line); fixed: it reports anything. Plain
 *                  runs: an outcome is not acceptable, or the harness sees a
 *                  deadlock, hang or crash
 *   not supported  the program does not build for the tool, inconclusive
 *                  runs (tool-error, unsupported, missing evidence) prevent a
 *                  verdict, or the tool reports nothing and no run ends as
 *                  the case allows; it counts in the support rate only
 *   not measured   nothing ran, or the tool is not here: it counts nowhere
 */
#ifndef RACEGATE_SCOREBOARD_H
#define RACEGATE_SCOREBOARD_H

#include "judge/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum score_state { SCORE_UNMEASURED, SCORE_UNSUPPORTED, SCORE_ANSWERED };

// One variant of one case under one tool.
struct score_cell {
	char *id; // "family/case", owned
	enum variant variant;
	enum tool_id tool;
	enum bug_class class;
	bool in_kind; // the tool can detect what is wrong with the case
	enum score_state state;
	uint64_t runs, hits; // hits: runs that detect
	uint64_t first;      // runs up to the first that detects; 0: none
	int64_t cpu_ns;
	struct campaign_list campaigns; // the explorer's
};

struct scoreboard {
	struct score_cell *items;
	size_t nr, alloc;
};

void scoreboard_release(struct scoreboard *board);

/*
 * Adds a cell of a case and its verdict. A pair that is there
 * already (from another session) is one pair with the runs of both; an
 * inconclusive one makes it unsupported.
 */
void scoreboard_add(struct scoreboard *board, const struct cell *cell,
		    const struct verdict *verdict, bool build_failed);

/*
 * Whether the tool can detect what is wrong with the case: it reports one
 * of the case's kinds, or, for plain runs, the case has an outcome that is not
 * acceptable.
 */
bool scoreboard_in_kind(enum tool_id tool, const struct testcase *tc);

// Which pairs are summed.
struct score_scope {
	bool in_kind; // only those that the tool can detect
	int class;    // enum bug_class, or -1: all
};

// Sums over the pairs of a scope. Ratios are NAN when they are 0/0.
struct score {
	uint64_t tp, fp, tn, fn, unsupported, unmeasured;
	uint64_t racy_in_kind; // racy variants of a kind that the tool can detect, of tp + fn
	uint64_t runs;         // of all pairs that were measured
	int64_t cpu_ns;        // of these runs
	uint64_t racy_runs, racy_hits, fixed_runs, fixed_hits; // of the supported pairs
	double recall, specificity, precision, f1, accuracy, support, adjusted_f1;
	double run_recall;   // mean over racy variants of (runs that detect / runs)
	double first_median; // over true positives; NAN: there is none
	uint64_t first_max;  // 0: there is none
};

void scoreboard_sum(const struct scoreboard *board, enum tool_id tool,
		    const struct score_scope *scope, struct score *score);

// Whether any pair of the scope was asked of the tool.
bool score_any(const struct score *score);

#endif
