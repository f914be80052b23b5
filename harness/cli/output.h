// What is written and printed of a session, and the exit code that it comes to.
#ifndef RACEGATE_OUTPUT_H
#define RACEGATE_OUTPUT_H

#include "cli/options.h"
#include "report/report.h"

/*
 * Loads the session, writes its report files (report.json, junit.xml,
 * summary.md), prints the report to stdout (as JSON with --json) and returns
 * the exit code of its verdicts, or -1 when that could not be done.
 */
int output_session(const char *dir, const struct options *options, struct err *err);

// The exit code of the verdicts.
int output_code(const struct report *report);

// Whether text that goes to `fd` may be coloured: a terminal, and no NO_COLOR.
bool output_colour(int fd);

// Writes all of it to stdout; a full disk or a closed pipe is an error.
int output_print(const struct strbuf *text, struct err *err);

#endif
