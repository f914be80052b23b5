// Whether the results of a user's program differ from run to run, as its gate looks at them.
#ifndef RACEGATE_RESULTS_H
#define RACEGATE_RESULTS_H

#include "judge/tally.h"

enum results_differ {
	RESULTS_AGREE,   // or may differ
	RESULTS_REORDER, // they have the same lines, in another order
	RESULTS_DIVERGE,
};

// Of a case: they agree, since its outcomes are graded one by one.
enum results_differ results_differ(const struct cell *cell);

/*
 * One clause that says how they differ and what to do if that is right: "divergence: 3 different
 * outcomes in 20 runs; …". Owned. They do differ.
 */
char *results_words(const struct cell *cell);

#endif
