/*
 * Runs cells: makes a run_spec for what the plan says is next, gives it to
 * the pool, and turns the results into records, which go to the caller.
 */
#ifndef RACEGATE_RUNNER_H
#define RACEGATE_RUNNER_H

#include "base/home.h"
#include "build/artifact.h"
#include "model/record.h"
#include "run/cpus.h"
#include "run/plan.h"
#include "run/run.h"
#include "run/store.h"
#include "session/guard.h"

struct runner_cell {
	const struct target *target;
	enum tool_id tool;
	const struct artifact *artifacts[MAX_BUILDS]; // that could be built; runs alternate
	size_t nr_artifacts;
	const char *asked;       // of a directed campaign: the file of its questions, borrowed
	unsigned kept;           // runs whose logs were kept
	int64_t wall_ns, cpu_ns; // of the runs that ended
	uint64_t ended;
};

// What the explorer is asked for.
struct explore_settings {
	uint64_t schedules;   // of a target
	unsigned parts;       // campaigns that share them
	bool limited;         // long programs get fewer
	const char *strategy; // NULL: a portfolio
	unsigned depth;       // 0: of PCT, 1 to 4 in turn
	unsigned preemptions; // of depth-first search, at most
	bool bounded;         // by `preemptions`
	uint64_t max_steps;   // of a schedule; 0: the usual ones
	bool as_found;        // schedules are not reduced
};

struct runner_settings {
	const struct home *home;
	const struct toolchain *toolchain;
	struct store *store;
	uint64_t seed;
	bool perturb;       // noise and pinning
	long scale;         // 0: as the case says
	int64_t timeout_ns; // of a plain run; 0: as the case says
	unsigned jobs;
	int64_t deadline_ns; // 0: none
	const char *args;    // for programs of the user's own sources; NULL: none
	struct explore_settings explore;
};

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
