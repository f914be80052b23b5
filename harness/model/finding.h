/*
 * A finding: what one report of one tool says, in a form that is the same for
 * all of them. Parsers make findings; judge and report only read them.
 */
#ifndef RACEGATE_FINDING_H
#define RACEGATE_FINDING_H

#include "base/stack.h"
#include "model/finding_kind.h"

#include <jansson.h>
#include <stdint.h>

enum access_op {
	OP_READ,
	OP_WRITE,
	OP_ATOMIC_READ,
	OP_ATOMIC_WRITE,
	OP_LOCK, // takes a lock (lock-order, double-lock)
	OP_UNLOCK,
	OP_WAIT,   // waits (deadlock, hang): see `wants`, `held_by`
	OP_CREATE, // a thread, a lock
	OP_CALL,   // any other call the report is about
};

struct access {
	enum access_op op;
	unsigned size; // bytes; 0 when not a memory access or unknown
	char *thread;  // "main", "T1", "T2", ... in order of creation; NULL when unknown
	struct stack stack;
	char **locks; // names of the locks held, owned; the tool's own ids when there is no name
	size_t nr_locks, alloc_locks;
	char *wants;   // OP_LOCK, OP_WAIT: what it waits for or takes; NULL when unknown
	char *held_by; // OP_WAIT: thread that holds it; NULL when unknown
};

enum location_kind {
	LOCATION_UNKNOWN,
	LOCATION_GLOBAL,
	LOCATION_HEAP,
	LOCATION_STACK,
	LOCATION_TLS,
	LOCATION_FD,
	LOCATION_LOCK
};

struct location {
	enum location_kind kind;
	char *object;  // variable or lock, "heap block from make_queue" for the heap; NULL: unknown
	uint64_t size; // of the object or block, 0 when unknown
	struct stack stack; // where it was allocated or created; empty when unknown
};

struct finding {
	enum finding_kind kind;
	char *words; // the tool's own words for it, one line
	struct {
		struct access *items; // two for a race (order means nothing), one per thread for a
				      // deadlock
		size_t nr, alloc;
	} accesses;
	struct location location;
	bool forked;    // about threads that this process's parent had, not it
	uint64_t hits;  // schedules of the run that showed it; 0: a run is a run
	uint64_t first; // the first of them, from 1; 0: a run is a run
	char *schedule; // file below the session that shows it again; NULL: the tool leaves none
};

struct finding_list {
	struct finding *items;
	size_t nr, alloc;
};

void finding_release(struct finding *finding);
void finding_list_release(struct finding_list *list);
struct access *finding_add_access(struct finding *finding, enum access_op op); // borrowed
void access_add_lock(struct access *access, const char *name);

char *thread_name(long nr);                    // "main", "T1", ..., owned; NULL when it is negative
const char *access_op_name(enum access_op op); // "read", "atomic write", "lock", ...
const char *location_kind_name(enum location_kind kind); // "global", "heap", ...
// -1 when there is none of that name, or `name` is NULL.
int access_op_from_name(const char *name);
int location_kind_from_name(const char *name);

/*
 * The frame a reader wants to see: the innermost one that belongs to the
 * program itself (not to libc, a tool's runtime or the start-up code), or NULL.
 */
const struct frame *stack_program_frame(const struct stack *stack);
// Whether the frame belongs to the program itself, in the same sense.
bool frame_in_program(const struct frame *frame);
// Whether it belongs to a tool, which put itself between the program and the C library.
bool frame_of_tool(const struct frame *frame);

/*
 * Whether access number `i` is what the finding is about. Of a lock order it is the
 * second lock of each thread (not every tool says where the first was taken),
 * of a misuse the call itself (not where the lock had been taken before).
 */
bool finding_is_about(const struct finding *finding, size_t i);

/*
 * 64 bits that stay the same when lines move and addresses change, and from
 * one tool to the next: the kind, the program's functions of the accesses that
 * the finding is about (in any order), and for races the object.
 */
uint64_t finding_fingerprint(const struct finding *finding);

/*
 * Whether `part` says less about the same bug than `whole`: same kind, no
 * object or the same one, and each of its accesses' program functions is one
 * of `whole`'s. DRD names one stack of a race only, a killed tool less.
 */
bool finding_is_part_of(const struct finding *part, const struct finding *whole);

// New reference; the form that runs.jsonl and report.json hold.
json_t *finding_to_json(const struct finding *finding);
// Fills `finding` from that form; 0, or -1 when it is none (finding is empty then).
int finding_from_json(const json_t *json, struct finding *finding);

#endif
