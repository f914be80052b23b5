/*
 * What counts against a program of somebody's own. Zero everywhere asks for the usual. Cases of
 * the catalogue say for themselves what is expected of them.
 */
#ifndef RACEGATE_GATE_H
#define RACEGATE_GATE_H

#include "base/err.h"
#include "model/finding_kind.h"

#include <jansson.h>
#include <stdbool.h>

struct gate {
	enum severity fail_on; // findings of this severity and worse
	uint32_t ok_exits[8];  // exit statuses that are no failure besides 0, a bit each
	bool strict;           // disputed and refuted ones, too
};

// The exit status with which a program says that it did nothing, as Automake has it.
enum { EXIT_STATUS_SKIPPED = 77 };

bool gate_stops(const struct gate *gate, enum finding_kind kind);
bool gate_accepts(const struct gate *gate, int exit_status);

// Adds the exit statuses of a list as in "1,3"; the error does not say where it stands.
int gate_add_exits(struct gate *gate, const char *list, struct err *err);

json_t *gate_to_json(const struct gate *gate); // new reference
// What is missing or unknown is as usual.
void gate_from_json(const json_t *json, struct gate *gate);

#endif
