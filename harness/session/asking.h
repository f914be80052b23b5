/*
 * What is asked of the explorer about the findings of other tools. Its campaign has
 * run by then: what it found itself needs no question.
 */
#ifndef RACEGATE_ASKING_H
#define RACEGATE_ASKING_H

#include "base/err.h"
#include "model/record.h"

// Of one target.
struct asking {
	struct witness_list named; // places that detectors named
	struct witness_list found; // places of the explorer's own findings
};

void asking_take(struct asking *asking, const struct record *record);
void asking_release(struct asking *asking);

/*
 * Writes the questions to the file, as racegate-explore takes them. 1; 0 when there are none and
 * nothing was written; -1 with `err`.
 */
int asking_write(const struct asking *asking, const char *path, struct err *err);

#endif
