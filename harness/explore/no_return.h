// The point of no return of schedules.
#ifndef RACEGATE_NO_RETURN_H
#define RACEGATE_NO_RETURN_H

#include "explore/known.h"
#include "explore/running.h"

/*
 * Marks in the schedules the step after which nothing else was seen any more
 * (struct no_return): of findings other than data races, which most continuations
 * show, and of outcomes that take a preemption or are no end of the program's own;
 * as far as some schedule of the campaign did without them and the schedule was
 * minimised. `seed` is that of the first continuation. 0, or -1 with `err`.
 */
int no_return_mark(struct running *running, struct known *known, uint64_t seed, struct err *err);

#endif
