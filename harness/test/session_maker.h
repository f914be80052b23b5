// A session folder made by hand, for tests of what reads one.
#ifndef RACEGATE_TEST_SESSION_MAKER_H
#define RACEGATE_TEST_SESSION_MAKER_H

#include "model/record.h"
#include "report/report.h"

#include <stdbool.h>

/*
 * Makes DIR/session.json of one case (c/one, both variants) and one source (own.c), asked of
 * native and tsan; both tools are ready. `status` is the session's. Also DIR/cases.
 */
void session_make(const char *dir, const char *status);
void session_add(const char *dir, const struct record *record); // appends to runs.jsonl
void session_add_text(const char *dir, const char *text);       // the same, any bytes
// A run of c/one/<variant> or own.c that ended well and printed `out`; the caller releases it.
struct record session_run_of(uint64_t run, const char *target, enum tool_id tool, const char *out);
// Adds a race of `f` at line `a` and `g` at line `b` of racy.c to the run.
struct finding *session_add_race(struct record *record, const char *f, int a, const char *g, int b);

// Both at once: adds a run, with a race of put and get when `race`.
void session_add_run(const char *dir, uint64_t run, const char *target, enum tool_id tool,
		     const char *out, bool race);
/*
 * A new folder (see scratch_drop) with a session of ten runs a cell, none of own.c under tsan.
 * Racy passes under both tools, fixed passes natively and fails under tsan, own.c fails natively.
 */
char *session_make_mixed(const char *status);
// Says in session.json what runs.jsonl holds.
void session_close(const char *dir);
// Closes it and loads it with its own cases; fails the test when that cannot be done.
void session_load(const char *dir, struct report *report);

#endif
