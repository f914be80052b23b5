/*
 * Programs of harness/test/fixtures/explore/ under control: built once for each
 * test program, explored in the warmed process, their outcomes and findings
 * counted over iterations.
 */
#ifndef RACEGATE_TEST_EXPLORED_H
#define RACEGATE_TEST_EXPLORED_H

#include "base/mem.h"
#include "explore/warm.h"
#include "test/support.h"

enum { MAX_SEEN = 64 };

struct explored {
	struct warm warm;
	struct request request; // a test may change it
	uint64_t iterations;
	struct seen_outcome {
		uint64_t hash;
		char *text; // "exit 0: balance 3\n", "stuck: ", "signal 11: "
	} outcomes[MAX_SEEN];
	unsigned nr_outcomes;
	struct seen_finding {
		uint64_t first; // iteration, from 1
		struct rt_finding finding;
	} findings[MAX_SEEN];
	unsigned nr_findings;
};

// Builds NAME.c and starts it with one argument (NULL: none). Ends the tests when it cannot.
void explored_start(struct explored *e, const char *name, const char *arg);
// By "clang", as the other, or "gcc"; optimised: "gcc -O2".
void explored_start_by(struct explored *e, const char *compiler, const char *name, const char *arg);
// Explores; what was seen adds up. The rest is as the request says.
void explored_run(struct explored *e, enum rt_policy_id policy, uint64_t seed, uint64_t iterations);
// By each of the policies that choose at random.
void explored_widely(struct explored *e, uint64_t seed, uint64_t iterations);
void explored_end(struct explored *e);

// Iterations that ended with this outcome.
uint64_t explored_outcome(const struct explored *e, const char *text);
// Iterations in which it was found, as far as its first place is one: 0 when never.
const struct rt_finding *explored_finding(const struct explored *e, enum rt_finding_kind kind);
// The outcomes and findings in words, for messages.
const char *explored_words(const struct explored *e);

#endif
