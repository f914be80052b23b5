/*
 * How a primitive is used, rightly or wrongly, in a program of
 * harness/test/fixtures/explore/ that takes the name of the use as its argument.
 */
#ifndef RACEGATE_TEST_RT_USE_H
#define RACEGATE_TEST_RT_USE_H

#include "test/explored.h"

// Every policy that goes by chance, 2,000 iterations of each: this outcome, no other, no finding.
void use_is_right(const char *program, const char *use, const char *outcome);
// As above for several outcomes, each of which is seen.
void use_has_outcomes(const char *program, const char *use, const char *const *outcomes,
		      unsigned nr);
// Every schedule has this outcome and begins with this finding (RT_FOUND_NR: none): 20 of each
// policy.
void use_always(const char *program, const char *use, const char *outcome,
		enum rt_finding_kind kind);
// The finding shows within 500 iterations under each such policy.
void use_is_found(const char *program, const char *use, enum rt_finding_kind kind);
// As above; what was found is copied.
struct rt_finding use_found(const char *program, const char *use, enum rt_finding_kind kind);
// The outcome shows within 500 iterations under each such policy.
void use_comes_to(const char *program, const char *use, const char *outcome);

#endif
