// A run on its way: how it is started, and what it is held against afterwards.
#ifndef RACEGATE_FLIGHT_H
#define RACEGATE_FLIGHT_H

#include "base/args.h"
#include "model/record.h"
#include "run/run.h"
#include "session/cell.h"

// The plan's side of a run_spec.
struct flight {
	struct run_spec spec;
	size_t cell;
	uint64_t nth; // run of its cell, from 0
	struct args argv, env;
	char *dir;    // of its evidence; NULL: none
	int guard;    // of `dir`; -1: none
	uint64_t key; // of the seals on its reports; 0: they have none
	struct record record;
};

// Both go by the flight's record, dir and key, which must be there.
void flight_make_argv(struct flight *flight, const struct runner_settings *settings,
		      const struct runner_cell *cell, const char *program);
// The harness's own environment, with the tool's settings in place of those of the same name.
void flight_make_env(struct flight *flight, const struct runner_settings *settings,
		     const struct runner_cell *cell);

#endif
