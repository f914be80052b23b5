// The outcome of a run as one line, and how the case grades it.
#ifndef RACEGATE_OUTCOME_H
#define RACEGATE_OUTCOME_H

#include "base/strbuf.h"
#include "catalog/catalog.h"
#include "model/record.h"

#include <stdbool.h>

/*
 * Writes the outcome: what it printed, and how it ended unless that was
 * `exit 0`: "balance 3", "[hang]", "sum 7 [exit 2]", "[signal SIGSEGV]",
 * "[timeout]", "[limit memory]". The exit code with which TSan ends a run
 * that it has reports of is not the program's and is left out. Of a long
 * output the first part is there, then its length and hash: "x... [9000 bytes,
 * hash 0123456789abcdef]".
 */
void outcome_text(const struct record *record, struct strbuf *text);
// The program's own exit status; -1: it did not exit, or the status is TSan's.
int outcome_exit(const struct record *record);

// Whether `pattern` matches all of `text`; `*` matches any bytes, everything else itself.
bool outcome_matches(const char *pattern, const char *text);

// The first row of the target that matches; NULL: unlisted, or it lists none.
const struct outcome_row *outcome_row(const struct target *target, const char *text);
// As it is listed; what is not is forbidden.
enum grade outcome_grade(const struct target *target, const char *text);

// An interesting outcome shows the bug of a case; of one's own program it is only worth knowing.
bool outcome_is_bad(const struct target *target, enum grade grade);

#endif
