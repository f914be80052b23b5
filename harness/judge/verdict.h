// Expectations x observations -> verdict. Pure functions.
#ifndef RACEGATE_VERDICT_H
#define RACEGATE_VERDICT_H

#include "judge/tally.h"

enum verdict_status {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_INCONCLUSIVE, // what ran does not decide it: a limit, something not controlled
	VERDICT_ERROR,        // the harness could not ask: no tool, no build
	VERDICT_SKIPPED,      // nothing ran
	VERDICT_NR
};

struct verdict {
	enum verdict_status status;
	const char *expected; // "detects", "misses", "clean"; static
	const char *
		observed; // "detects", "diverges", "disputed", "notes", "silent", "nothing"; static
	char *reason;     // owned; one sentence, never NULL
	bool limitation;  // passed because of a documented limitation
	bool limitation_gone; // a documented limitation did not happen
	bool remark;          // a pass whose reason says what was not looked at
};

// What the harness could do at all for this cell.
struct circumstances {
	enum tool_state tool;    // READY, or why it could not be asked
	const char *tool_reason; // borrowed; NULL when ready
	bool build_failed;
	bool sequential; // in no run of the target, under any tool, was anything concurrent
};

/*
 * What a cell adds to the question whether anything of its target ran concurrently: 1 it did,
 * -1 it did not, 0 it did not run, or that could not be observed (`unknown` becomes true then).
 */
int cell_company(const struct cell *cell, bool *unknown);

void verdict_of(const struct cell *cell, const struct circumstances *circumstances,
		struct verdict *verdict);
void verdict_release(struct verdict *verdict);

// "pass", "fail", "inconclusive", "error", "skipped"
const char *verdict_status_name(enum verdict_status status);
// The question was answered, well or badly.
bool verdict_is_conclusive(const struct verdict *verdict);

#endif
