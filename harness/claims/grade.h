// Measured times -> ratios -> does the claim hold in C. Pure functions.
#ifndef RACEGATE_GRADE_H
#define RACEGATE_GRADE_H

#include "base/strbuf.h"
#include "claims/claim.h"
#include "claims/figures.h"

enum decision {
	DECISION_HOLDS,
	DECISION_FAILS,
	DECISION_OPEN, // not decided here
	DECISION_NR
};

enum open_reason {
	OPEN_NOT,       // it is decided
	OPEN_FEW_CPUS,  // fewer CPUs than the part needs
	OPEN_CPUS_BUSY, // there were enough, but others used them
	OPEN_BETWEEN,   // the ratio's interval is on neither side of the bounds
};

struct graded_variant {
	struct span seconds;
	struct span ratio; // to its base, repetition by repetition
	double cpus;       // median
};

struct graded_part {
	struct span ratio; // repetition by repetition
	enum decision decision;
	enum open_reason open;
};

struct claim_grade {
	struct graded_variant variants[CLAIM_MAX_VARIANTS];
	struct graded_part parts[CLAIM_MAX_PARTS];
	enum decision decision; // of the claim: fails with any part, holds with all
};

// Which side of the bounds the interval of the ratio is on.
enum decision bounds_decide(const struct bounds *bounds, const struct span *ratio);

/*
 * Grades `samples[repetition * claim->nr_variants + variant]`. Ratios are formed
 * within a repetition, whose variants ran right after each other, so that what
 * slowed down both cancels out. `cpus`: how many may be used here.
 */
void grade_claim(const struct claim *claim, const struct sample *samples, size_t repetitions,
		 int cpus, struct claim_grade *grade);

// "holds in C", "does not hold in C", "not decided here"
const char *decision_text(enum decision decision);
// Adds the reasons for the decision, without a full stop.
void grade_explain(const struct claim *claim, const struct claim_grade *grade, int cpus,
		   struct strbuf *out);

#endif
