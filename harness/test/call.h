/*
 * racegate called as its users call it, for the end-to-end tests: what it ended
 * with, what it said, what its report holds. Failing set-up is fatal to the test.
 */
#ifndef RACEGATE_TEST_CALL_H
#define RACEGATE_TEST_CALL_H

#include "base/child.h"
#include "base/json.h"

// One call of racegate in a folder of its own.
struct call {
	char *dir; // the folder; sessions and sources live here
	int code;  // exit status, or 128 + signal
	char *out; // what it said
	char *err;
};

void call_begin(struct call *c);
void call_end(struct call *c);
// Starts build/racegate with `words` in the folder; `env` NULL is the one of this process.
struct child call_start(struct call *c, const char *const *words, const char *const *env);
void call_finish(struct call *c, const struct child *child); // waits for it
// Both at once.
void call_with(struct call *c, const char *const *env, const char *const *words);

#define CALL(c, ...) call_with(c, NULL, (const char *const[]){ __VA_ARGS__, NULL })

// Checks the exit code and shows what racegate said when it is another.
void exits(const struct call *c, int code);

json_t *json_of(const char *text);                            // owned
json_t *report_of(const struct call *c, const char *session); // its report.json, owned
// The entry of a target (by the end of its id) and a tool in report.json, or NULL.
const json_t *cell_of(const json_t *report, const char *target, const char *tool);
// Checks the verdict of that entry; its reason has `reason`.
void verdict_is(const json_t *report, const char *target, const char *tool, const char *status,
		const char *reason);

// Programs to check.
extern const char clean_c[], says_ok_c[];
char *racy_c(void); // clean_c without its locks, owned

#endif
