// The lines of a session's runs.jsonl: taken into the report, and held against what was written.
#ifndef RACEGATE_LOAD_RUNS_H
#define RACEGATE_LOAD_RUNS_H

#include "report/report.h"
#include "run/store.h"

// A line of runs.jsonl.
struct runs_line {
	uint64_t run; // 0: it does not say
	long offset;
	size_t number; // in the file, from 1
	bool cut;      // it has no newline
	bool whole;    // its hash is right
};

struct runs_lines {
	struct runs_line *items;
	size_t nr, alloc;
	struct runs_seal seal; // of what is there
};

// Adds the session's runs to the loaded targets; says in report->damage what is wrong with them.
int report_load_runs(struct report *report, struct err *err);

/*
 * Compares the lines, in the order of their runs, with what session.json says of them (`expected`;
 * NULL: it does not say). Owned; NULL when nothing was changed.
 */
char *runs_damage(const struct runs_lines *lines, const struct runs_seal *expected);

#endif
