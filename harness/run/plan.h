/*
 * What to run next. A plan is a list of cells (a target under a tool), each
 * with a number of runs that it needs. A cell that must be detected stops when it
 * was detected often enough for its rate to be known; one that must stay silent
 * takes all of them. Pure bookkeeping: it starts nothing.
 */
#ifndef RACEGATE_PLAN_H
#define RACEGATE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct plan_cell {
	// Set by the caller.
	bool must_detect; // stops early; with a budget it goes on until it is detected
	uint64_t runs;    // that it takes at most (without a budget)
	// Detected so often: stop; 0: never. No more are under way than may be needed.
	uint64_t enough;
	// A cell that has cost so much stops at its least number of runs; 0: no such bound.
	int64_t spend_ns;
	uint64_t least;
	// Runs start in rounds of so many, and only after a round is it decided whether there were
	// enough: the number of runs does not depend on how many run at once. 0 means 1.
	uint64_t round;
	// Kept by the plan.
	uint64_t started, ended, detected;
	int64_t spent_ns;
	bool closed;   // nothing more is to be started
	bool notified; // its end has been reported
};

struct plan {
	struct plan_cell *items;
	size_t nr, alloc;
	bool budgeted; // time is limited: spread it instead of going cell by cell
};

void plan_release(struct plan *plan);

/*
 * The cell to start a run of, or -1 when none is to be started now. Without a
 * budget: the first open cell, so that cases finish one after the other. With
 * one: the open cell that has had the smallest share of its runs, and when all
 * have had theirs, those that must be detected and were not, by time spent.
 */
long plan_next(struct plan *plan);

// A run of the cell has ended. Returns true when that was the cell's last planned one, once.
bool plan_ended(struct plan *plan, size_t cell, bool detected, int64_t cost_ns);

// Nothing more of this cell (its tool or build failed).
void plan_close(struct plan *plan, size_t cell);

// Share of the planned work that is done, 0 to 1.
double plan_progress(const struct plan *plan);

#endif
