/*
 * A session from its first folder to its last line: what `check` and `run`
 * have in common once they know their targets.
 */
#ifndef RACEGATE_SESSION_H
#define RACEGATE_SESSION_H

#include "catalog/catalog.h"
#include "cli/options.h"

/*
 * Builds, runs, records, reports. `tools` of each target are those that the
 * options name, else all that apply. Prints the report to stdout and returns
 * the exit code; its own errors have been printed to stderr.
 */
int session_run(const struct options *options, const struct target_list *targets);

// Prints an error as every command does, and returns the exit code of its class.
int report_error(const struct err *err);

#endif
