/*
 * One run: what was planned (run_spec), what was seen (run_result), and the
 * pool that turns the one into the other, several at a time.
 */
#ifndef RACEGATE_RUN_H
#define RACEGATE_RUN_H

#include "base/err.h"
#include "base/lines.h"
#include "base/stack.h"
#include "base/strbuf.h"
#include "model/ending.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct run_limits {
	int64_t wall_ns;       // then the run is ended: SIGTERM, grace, SIGKILL
	int64_t grace_ns;      // between SIGTERM and SIGKILL
	uint64_t memory_bytes; // resident memory of all its processes together
	uint64_t output_bytes; // kept of stdout and of stderr each; the rest is counted and dropped
	uint64_t flood_bytes;  // a program that writes more than this is ended
	uint64_t file_bytes;   // largest file it may write
	unsigned processes;    // processes alive at once
};

struct run_spec {
	const char *const *argv; // NULL-terminated
	const char *const *env;  // NULL-terminated, complete; NULL: the harness's own
	uint64_t cpus;           // affinity, bit per CPU; 0: all
	bool no_aslr;
	bool unwind;    // on a hang take the threads' stacks (not under valgrind: they are its own)
	bool starter;   // it only starts the programs under test: they are its children
	bool tool_naps; // the tool has a thread of its own that sleeps in a loop (TSan)
	bool tells;     // when the user stops it, it is asked to say what it has, and that counts
	unsigned weight; // slots that it takes
	struct run_limits limits;
	void *plan; // the planner's own; the pool only hands it back
};

// What a thread of a hanging program waits for.
struct hang_thread {
	pid_t pid, tid;
	bool is_main; // first thread of its process
	char *wait;   // system call it sleeps in: "futex", "read", "wait4", ...; NULL: it runs
	char *object; // what it waits for: "mutex lock_a", "barrier", "read of pipe 5", "child
		      // 123"; or NULL
	uint64_t lock_addr; // address of the lock it waits for, 0: unknown
	pid_t holder; // thread that holds it, is joined, or child that is awaited; 0: unknown or
		      // none
	struct stack stack; // innermost first; empty when it could not be taken
};

struct hang {
	bool proven;   // no thread could run: all slept on each other without time-out
	bool spinning; // those that ran came back to the same state over and over
	struct hang_thread *items;
	size_t nr, alloc;
};

struct run_result {
	pid_t pid; // of its first process
	enum ending_how how;
	int code;
	const char *limit; // static, of model/limit.h; else NULL
	char *error;       // owned; what went wrong in the harness, else NULL
	int64_t wall_ns, cpu_ns;
	long max_rss_kib;
	struct strbuf out, err; // the first output_bytes of each
	uint64_t out_total, err_total;
	uint64_t out_hash;      // of all of stdout
	struct lines out_lines; // of all of stdout
	// Threads and processes alive together, at least; 1: never a second one; 0: that could not
	// be observed.
	unsigned alive;
	unsigned orphans;   // processes that outlived the first one and were ended
	struct strbuf left; // those and what could not be ended: "sleep (ended with SIGKILL), ..."
	struct hang hang;   // for ENDING_HANG and ENDING_TIMEOUT
};

void run_result_release(struct run_result *result);

struct pool_client {
	void *ctx;
	/*
	 * The next run to start, or NULL when none is to be started now (the
	 * pool asks again when a run has ended; when nothing is running and
	 * NULL comes, the work is done). The spec stays the client's and must
	 * live until `done` has been called with it.
	 */
	struct run_spec *(*next)(void *ctx);
	/*
	 * A run has ended, with all its processes. `result` is the pool's and
	 * is released after the call. Returning -1 stops the pool as an error.
	 */
	int (*done)(void *ctx, struct run_spec *spec, struct run_result *result, struct err *err);
	// A run was cut off, or will not be started: nothing is known of it.
	void (*drop)(void *ctx, struct run_spec *spec);
	// Called about five times a second, for progress; may be NULL.
	void (*tick)(void *ctx);
};

struct pool_options {
	unsigned slots;      // sum of the weights that may run at once; a heavier run runs alone
	int64_t deadline_ns; // clock_now() after which nothing new is started; 0: none
};

/*
 * Runs until the client has no more. The calling process becomes a subreaper
 * and holds back interrupts and SIGCHLD meanwhile (base/interrupt.h). Returns 0 when all is done,
 * the signal's number when the user ended it (every child is gone then; runs that were cut off are
 * dropped, and those that tell have said what they had), or -1 with `err`. No process that a run
 * started is left behind, but for those that may not be signalled or do not end: the result names
 * them.
 */
int pool_run(const struct pool_options *options, const struct pool_client *client, struct err *err);

#endif
