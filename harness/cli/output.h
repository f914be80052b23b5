// What is printed, and the exit code.
#ifndef RACEGATE_OUTPUT_H
#define RACEGATE_OUTPUT_H

#include "catalog/catalog.h"
#include "cli/options.h"
#include "report/report.h"

// Runs a session of the targets, writes its report files (report.json, junit.xml, summary.md),
// prints the report (as JSON with --json) and its errors, and returns the exit code.
int command_session(const struct options *options, struct target_list *targets);

// Prints an error as every command does, and returns the exit code of its class.
int report_error(const struct err *err);

// The exit code of the verdicts.
int output_code(const struct report *report);
// Of two exit codes the one that counts: 2, else 1, 3, 4, 0.
int worse_code(int a, int b);

// Whether text that goes to `fd` may be coloured: a terminal, and no NO_COLOR.
bool output_colour(int fd);

// Writes all of it to stdout; a full disk or a closed pipe is an error.
int output_print(const struct strbuf *text, struct err *err);

#endif
