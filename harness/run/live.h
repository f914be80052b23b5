/*
 * One run while it lives: its first process, the two pipes it writes to, and
 * what has been seen of it so far.
 */
#ifndef RACEGATE_LIVE_H
#define RACEGATE_LIVE_H

#include "base/child.h"
#include "run/run.h"
#include "run/watch.h"

// The name under which every process of a run finds the run's id in its environment.
#define LIVE_MARK "RACEGATE_RUN"

enum live_phase {
	LIVE_FREE, // the slot holds no run
	LIVE_RUNNING,
	LIVE_ASKED,    // it was sent SIGTERM; SIGKILL follows at `phase_end`
	LIVE_KILLED,   // it was sent SIGKILL; at `phase_end` it is given up
	LIVE_ORPHANED, // its first process is gone, others have not ended yet
};

struct live {
	struct run_spec *spec;
	uint64_t serial; // counts the runs of a pool, from 1
	char mark[96];   // "RACEGATE_RUN=<id>"
	struct child child;
	int fd_out, fd_err; // reading ends, -1 when closed
	enum live_phase phase;
	int64_t started, phase_end;
	bool decided;   // result.how says why the harness ended it
	bool told;      // the user ended it, and it was asked to say what it has
	bool forbidden; // its first process may not be signalled
	struct watch watch;
	struct run_result result;
};

// Memory that lasts from one start to the next.
struct live_scratch {
	struct {
		const char **items;
		size_t nr, alloc;
	} env;
	char *chunk; // one pipe's worth of bytes
};

void live_scratch_release(struct live_scratch *scratch);

/*
 * Starts a run in the free slot `live`, whose `spec`, `serial` and `mark` are
 * set. When it cannot be started, result.how and result.error say so and -1 is
 * returned; live_close() is due either way.
 */
int live_start(struct live *live, struct live_scratch *scratch);

// Reads what its pipes hold now, without waiting. True when there was something.
bool live_drain(struct live *live, struct live_scratch *scratch);

// After so long a killed process is not going to end.
#define KILLED_FOR_NS (5 * NS_PER_S)

// Ends it: a request and a grace, or at once.
void live_ask(struct live *live, int64_t now, int64_t grace_ns);
void live_kill(struct live *live, int64_t now);
// The first process does not end, or may not be signalled: the run is over without it.
void live_give_up(struct live *live, int64_t now);
// Notes a process that outlived the first one, and what became of it.
void live_left(struct run_result *result, const char *name, const char *what);

#define LEFT_FORBIDDEN "may not be signalled, it belongs to another user and runs on"
#define LEFT_STAYS     "does not end, although it was sent SIGKILL"

// Reaps the first process, whose pidfd says that it ended, and ends the rest of its group.
void live_reap(struct live *live, int64_t now);

// Closes descriptors, releases the result and frees the slot.
void live_close(struct live *live);

#endif
