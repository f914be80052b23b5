/*
 * What counts against a program of somebody's own. Zero everywhere asks for the usual. Cases of
 * the catalogue say for themselves what is expected of them.
 */
#ifndef RACEGATE_GATE_H
#define RACEGATE_GATE_H

#include "model/finding_kind.h"

#include <jansson.h>
#include <stdbool.h>

struct gate {
	enum severity fail_on; // findings of this severity and worse
};

bool gate_stops(const struct gate *gate, enum finding_kind kind);

json_t *gate_to_json(const struct gate *gate); // new reference
// What is missing or unknown is as usual.
void gate_from_json(const json_t *json, struct gate *gate);

#endif
