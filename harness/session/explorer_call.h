// How racegate-explore is called.
#ifndef RACEGATE_EXPLORER_CALL_H
#define RACEGATE_EXPLORER_CALL_H

#include "base/args.h"
#include "session/cell.h"

struct explorer_call {
	const struct runner_settings *settings;
	const struct runner_cell *cell;
	const char *log; // that it writes
	uint64_t seed;
	uint64_t nth; // campaign of the cell, from 0
};

// Adds the program and its options, up to the explored program.
void explorer_arguments(const struct explorer_call *call, struct args *argv);

#endif
