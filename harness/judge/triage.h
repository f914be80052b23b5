/*
 * How sure a finding is, from who reported it and what the explorer saw at its places.
 * Pure functions.
 */
#ifndef RACEGATE_TRIAGE_H
#define RACEGATE_TRIAGE_H

#include "model/guarantee.h"
#include "tool/limitation.h"

#include <stdbool.h>
#include <stdint.h>

enum standing {
	STANDING_CONFIRMED, // it was made to happen, or happened by itself in a plain run
	STANDING_REPORTED,  // not confirmed, but nothing speaks against it
	STANDING_DISPUTED,  // a known limitation of each tool that reports it explains it
	STANDING_REFUTED,   // all schedules were tried, and none shows it
	STANDING_NR
};

const char *standing_name(enum standing standing); // "confirmed", ...

// Disputed and refuted findings are listed and do not fail.
static inline bool standing_counts(enum standing standing)
{
	return standing <= STANDING_REPORTED;
}

struct triage_facts {
	const struct finding *finding;
	const uint64_t *tools; // runs of each that reported it
	bool by_harness;       // seen by the harness in those runs: the tools said nothing
	bool scheduled;        // a schedule shows it again
	const struct witness_list *answers; // of the explorer about places of the target
	const struct guarantee *guarantee;  // of the explorer's campaigns of the target
};

struct triage {
	enum standing standing;
	const struct limitation *limitation; // that explains it; else NULL
	// Owned; one sentence without its full stop. NULL: it is no finding, but says why nothing
	// can be said.
	char *reason;
};

void triage_of(const struct triage_facts *facts, struct triage *triage);
void triage_release(struct triage *triage);

#endif
