/*
 * Processes that a run left behind. The pool's process is a subreaper, so they
 * become its children, however they detached themselves.
 */
#ifndef RACEGATE_ORPHANS_H
#define RACEGATE_ORPHANS_H

#include "run/live.h"
#include "run/proc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct orphan {
	pid_t pid;
	int pidfd;       // readable when it has ended; -1 when there was no descriptor left
	uint64_t serial; // of the run that it belongs to, 0: unknown
	uint64_t newest; // of the newest run when it was found
	char name[PROC_NAME];
	int64_t killed; // since when it is being killed; 0: it is not
};

struct orphans {
	struct orphan *items;
	size_t nr, alloc;
	pid_t self;
	int children_fd;        // /proc/SELF/task/SELF/children, -1 where it is missing
	struct pid_list before; // children of no concern: there before the pool, or given up
};

// The runs of a pool, as orphans.c needs to see them.
struct live_table {
	struct live *items;
	size_t nr;
};

void orphans_init(struct orphans *orphans);
void orphans_release(struct orphans *orphans);

/*
 * Finds children that are not the first process of a run and notes them, each
 * with its run if known; reaps those that have ended.
 */
void orphans_look(struct orphans *orphans, const struct live_table *lives);

// Reaps what has ended, looks again when anything had; its CPU time counts for its run.
void orphans_reap(struct orphans *orphans, const struct live_table *lives);

// How many belong to run `serial`.
size_t orphans_of(const struct orphans *orphans, uint64_t serial);
void orphans_list(const struct orphans *orphans, uint64_t serial, struct pid_list *out);

/*
 * Ends those of run `live`, with their descendants. One that may not be signalled, or that is
 * still there seconds after the first try, is given up: it counts no more, and the result says so.
 */
void orphans_kill(struct orphans *orphans, struct live *live);

// Ends those of unknown origin whose possible runs are all over.
void orphans_kill_unknown(struct orphans *orphans, const struct live_table *lives);
// Is not waited for any more.
void orphans_forget(struct orphans *orphans, pid_t pid);

#endif
