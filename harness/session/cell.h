// What is run: a target under a tool, and the settings that all of them share.
#ifndef RACEGATE_CELL_H
#define RACEGATE_CELL_H

#include "base/home.h"
#include "build/artifact.h"
#include "run/store.h"

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

#endif
