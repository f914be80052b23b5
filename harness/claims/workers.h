// What the measurements have in common: a stopwatch, and workers in turn, in threads, in processes.
#ifndef RACEGATE_WORKERS_H
#define RACEGATE_WORKERS_H

#include "claims/claim.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct stopwatch {
	int64_t wall_ns, cpu_ns;
};

struct stopwatch stopwatch_start(void);
// The time since then of each of `operations`. CPU time of children counts once they are waited
// for.
struct sample stopwatch_stop(const struct stopwatch *watch, long operations);

enum how {
	IN_TURN, // in the calling thread, one after the other
	IN_THREADS,
	IN_PROCESSES,
};

enum { WORKERS_MAX = 8 };

/*
 * Calls work(ctx, 0) to work(ctx, nr - 1), each as a worker of its own, and
 * measures from before the first is made until after the last has ended, unless
 * `sample` is NULL. In processes `ctx` is a copy, unless it is from shared_alloc.
 */
int workers_run(enum how how, unsigned nr, void (*work)(void *ctx, unsigned index), void *ctx,
		struct sample *sample, struct err *err);

/*
 * Forks a child that runs work(ctx, index) and ends; it dies with its parent.
 * Returns its pid, or -1.
 */
pid_t worker_fork(void (*work)(void *ctx, unsigned index), void *ctx, unsigned index,
		  struct err *err);
// Waits for it; a child that did not end well is an error.
int worker_wait(pid_t pid, struct err *err);

// Zeroed memory that forked children share; NULL with `err` filled when there is none.
void *shared_alloc(size_t size, struct err *err);
void shared_free(void *memory, size_t size);

void nap(int64_t ns); // sleeps that long even if interrupted

#endif
