/*
 * What a session is asked for. The command line fills it; nothing in it knows
 * of one. Zero everywhere asks for the usual. Texts are borrowed.
 */
#ifndef RACEGATE_SETTINGS_H
#define RACEGATE_SETTINGS_H

#include "catalog/gate.h"
#include "model/tool_id.h"

#include <stdbool.h>
#include <stdint.h>

struct settings {
	bool tools[TOOL_NR];
	bool tools_given; // only `tools`; else all that apply
	bool quick;       // a quarter of the usual runs
	uint64_t runs;    // of each target and tool; 0: as the tool's row says
	long scale;       // 0: as the case says
	double budget;    // seconds for all runs; 0: none
	double timeout;   // seconds, of a plain run; 0: as the case says
	unsigned jobs;    // slots; 0: twice the CPUs
	uint64_t seed;
	bool seed_given; // else a new one
	bool no_perturb;
	uint64_t schedules;           // of a target; 0: as the explorer's row says
	const char *strategy;         // NULL: all in turn
	unsigned depth;               // of the bugs that PCT looks for; 0: 1 to 4
	unsigned preemptions;         // of depth-first search, at most
	bool preemptions_given;       // else as far as the schedules go
	uint64_t max_steps;           // of a schedule; 0: as the explorer has it
	bool as_found;                // schedules are not minimised
	const char *cc;               // builds what is explored; NULL: the usual compiler
	const char *cflags, *ldflags; // of the user's own sources, separated by spaces
	const char *args;             // of their programs
	struct gate gate;             // what fails a target that is no case: its severity
	const char *out;              // the session folder; NULL: a new one in reports/
	bool quiet;                   // no progress on stderr
};

#endif
