/*
 * Runs cells: makes a run_spec for what the plan says is next, gives it to
 * the pool, and turns the results into records, which go to the caller.
 */
#ifndef RACEGATE_RUNNER_H
#define RACEGATE_RUNNER_H

#include "model/record.h"
#include "run/cpus.h"
#include "run/plan.h"
#include "run/run.h"
#include "session/cell.h"
#include "session/guard.h"

struct runner {
	const struct runner_settings *settings;
	struct {
		struct runner_cell *items;
		size_t nr, alloc;
	} cells;
	struct cpus cpus;   // of campaigns, one each
	struct guard guard; // of the folders of evidence
	struct plan plan;   // one plan cell for each cell, in the same order
	uint64_t *next_run; // counts the session's runs
	void *ctx;
	/*
	 * Takes the record of a run (borrowed). Returns 1 when the run detected
	 * what its cell is about, 0 when not, -1 for an error.
	 */
	int (*record)(void *ctx, size_t cell, const struct record *record, struct err *err);
	void (*cell_done)(void *ctx, size_t cell); // may be NULL
	void (*tick)(void *ctx);                   // about five times a second; may be NULL
};

// Adds the cell and its plan; artifacts of other targets and tools are ignored.
void runner_add(struct runner *runner, const struct target *target, enum tool_id tool,
		const struct artifact_list *artifacts, const struct plan_cell *plan);
// Adds a directed campaign over the target, with the questions in the file (borrowed).
void runner_ask(struct runner *runner, const struct target *target,
		const struct artifact_list *artifacts, const char *questions);
// As pool_run: 0 done, a signal's number, or -1.
int runner_run(struct runner *runner, struct err *err);
void runner_release(struct runner *runner);

#endif
