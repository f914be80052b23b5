// The proof that a run hangs: every thread sleeps until another of the same run wakes it.
#ifndef RACEGATE_STILL_H
#define RACEGATE_STILL_H

#include "run/proc.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether every thread of `processes` sleeps, without time-out, in a system
 * call that only these processes could end. `*what` then stands for the
 * threads, their calls and how often each has been switched in: when it is the
 * same at two looks, no thread has run from the end of the first look to the
 * start of the second, so that at one moment all of them slept, for ever.
 *
 * With `tool_naps`, one thread of each process that sleeps for a time at an
 * instruction of the executable or of a sanitizer's library, not libc's, is a
 * tool's own and is left out.
 */
bool still_run(const struct pid_list *processes, bool tool_naps, uint64_t *what);

/*
 * Whether the pipes that the sleepers wait for have no other end outside the
 * run, and no timer or shared file could wake them. Expensive (it looks at all
 * processes); needed once, before still_run() counts as a proof.
 */
bool still_alone(const struct pid_list *processes, bool tool_naps);

// Whether a thread in `call` is one that a sanitizer made for itself, as said above.
bool still_nap(pid_t pid, const struct proc_call *call);

/*
 * Whether a timer or a descriptor may send process `pid` a signal that wakes it.
 * Nothing shows whether alarm() was called, only who could heed it:
 * who catches SIGALRM, and under valgrind, which catches every signal, whose
 * program or library names such a function.
 */
bool still_signals(pid_t pid);

#endif
