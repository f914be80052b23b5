// What was found out about the claims, for people and for programs.
#ifndef RACEGATE_CLAIMS_OUTPUT_H
#define RACEGATE_CLAIMS_OUTPUT_H

#include "base/strbuf.h"
#include "claims/claim.h"
#include "claims/grade.h"

#include <jansson.h>

struct measured {
	const struct claim *claim;
	struct sample *samples; // owned; repetition by repetition
	size_t repetitions;
	int cpus; // that might be used
	struct claim_grade grade;
	char *error; // owned; why it could not be measured (there is no grade then), else NULL
};

void measured_release(struct measured *measured);

// Adds the tables of a claim and its verdict, 80 columns wide.
void claim_text(const struct measured *measured, struct strbuf *out);
// The claim as an element of "claims"; the caller owns it.
json_t *claim_json(const struct measured *measured);

#endif
