/*
 * What counts against a program of somebody's own. Zero everywhere asks for the usual. Cases of
 * the catalogue say for themselves what is expected of them.
 */
#ifndef RACEGATE_GATE_H
#define RACEGATE_GATE_H

#include "base/err.h"
#include "catalog/case_terms.h"
#include "model/finding_kind.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

// How the results of a program may differ from run to run.
enum results {
	RESULTS_SAME,   // not at all; when only the order of lines differs that is a note
	RESULTS_LINES,  // in the order of their lines
	RESULTS_ANY,    // at will
	RESULTS_LISTED, // as the rows say; what is not listed is forbidden
	RESULTS_NR
};

struct gate {
	enum severity fail_on; // findings of this severity and worse
	bool allow_sequential; // a program that never runs anything concurrently is fine
	uint32_t ok_exits[8];  // exit statuses that are no failure besides 0, a bit each
	bool strict;           // disputed and refuted ones, too
	enum results results;
	struct outcome_row *rows; // owned, of RESULTS_LISTED; both variants have the same grade
	size_t nr_rows;
	char *accepted; // owned: what it lets pass by request, "--outcomes any"; NULL: nothing
};

// The exit status with which a program says that it did nothing, as Automake has it.
enum { EXIT_STATUS_SKIPPED = 77 };

void gate_release(struct gate *gate);
bool gate_stops(const struct gate *gate, enum finding_kind kind);
bool gate_accepts(const struct gate *gate, int exit_status);

// Adds the exit statuses of a list as in "1,3"; the error does not say where it stands.
int gate_add_exits(struct gate *gate, const char *list, struct err *err);

const char *results_name(enum results results); // "same", "lines", "any", "listed"
int results_from_name(const char *name);        // -1 when there is none of that name

/*
 * Loads a YAML file of results with their grades, `outcomes: [{result, grade, meaning}]`, into the
 * gate, which holds none. An error is ERR_INPUT "path:line:column: ...".
 */
int gate_load_outcomes(struct gate *gate, const char *path, struct err *err);

json_t *gate_to_json(const struct gate *gate); // new reference
// What is missing or unknown is as usual.
void gate_from_json(const json_t *json, struct gate *gate);

#endif
