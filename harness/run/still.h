// The proof that a run hangs: every thread sleeps until another of the same run wakes it.
#ifndef RACEGATE_STILL_H
#define RACEGATE_STILL_H

#include "run/proc.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether every thread of `processes` sleeps, without time-out, in a system
 * call that only these processes could end. `*what` then summarises the
 * threads, their calls and how often each has been switched in: if two looks
 * give the same, no thread ran from the end of the first to the start of the
 * second, so at one moment all of them slept and will never wake.
 *
 * With `tool_naps`, one thread of each process, not its first, that sleeps for a time at an
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
 * Nothing shows whether alarm() was called, only whether a process could react:
 * it handles SIGALRM, or, under valgrind, which handles every signal, its
 * program or library names such a function.
 */
bool still_signals(pid_t pid);

#endif
