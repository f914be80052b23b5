/*
 * Whether a program that is still busy when its time is up makes no progress: a slow one, too, is
 * busy. A thread spins when it comes back to the very same registers and the same stack around
 * its stack pointer, over and over, and when the memory of the program stays as it is meanwhile:
 * what it computes does not move on.
 */
#ifndef RACEGATE_SPIN_H
#define RACEGATE_SPIN_H

#include "run/proc.h"

#include <stdbool.h>

/*
 * At least one thread of `processes` spins, and each of the others spins too or sleeps. It takes
 * some tens of milliseconds and stops each thread for moments; false also when it cannot be known.
 */
bool spin_proven(const struct pid_list *processes);

#endif
