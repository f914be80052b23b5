// The state of an iteration: its threads, what they synchronise through, and the rest.
#ifndef RACEGATE_RT_ITERATION_H
#define RACEGATE_RT_ITERATION_H

#include "rt.h"

#include <pthread.h>

enum { RT_MAX_DEPTH = 1024, RT_MAX_HELD = 64, RT_MAX_KEYS = 256, RT_STACK = 8 << 20 };
enum { RT_FIRST_CALLS = 14, RT_FIRST_HELD = 4 };

#define RT_NEVER    INT64_MAX
#define RT_START_NS INT64_C(1700000000000000000)

enum rt_state { RT_UNUSED, RT_READY, RT_BLOCKED, RT_ENDED };

// What a thread is about to do, or waits for.
struct rt_pending {
	uintptr_t address, pc;
	uint8_t op, size;
};

/*
 * What a step needs comes first. What may become long begins short: each page that
 * an iteration touches is a fault after the fork.
 */
struct rt_thread {
	struct rt_pending pending;
	uint16_t id;
	uint8_t state;
	bool deprioritised;      // it only re-reads what does not change: others go first
	uint32_t depth, room;    // of calls; `calls` holds the first `room` of them
	uint32_t idle_reads;     // steps since it last wrote or synchronised
	uint32_t clock_readings; // since then, of the clock
	uint32_t quantum;        // steps since it was switched to
	uint32_t nr_decisions;   // made while it ran
	uint32_t ignoring;       // the program says that its accesses do not count
	uint32_t nr_held;
	bool attention; // it handles a signal, or ends, before its next step
	bool unsafe;    // it handles one that came in a function that is not async-signal-safe
	uint64_t own_steps;
	uint32_t *clock;   // vector clock
	uint64_t priority; // the policy's
	void *sp;          // while it does not run
	uintptr_t tls;     // thread pointer of the parked pthread whose thread-local memory it has
	uintptr_t stack;   // RT_STACK bytes; thread 0 has the process's
	uintptr_t stack_end;
	pthread_t handle;
	bool detached, joined, timed_out;
	bool cancel_requested, cancel_disabled;
	uint8_t cancel_type;
	bool cancellable, cancelled;    // it waits where it may be cancelled; its wait was ended so
	uint64_t signal_mask;           // bit n - 1: it blocks signal n
	uint32_t handled, ending_waits; // signal handlers that ran; those without SA_RESTART
	uint8_t wait_type;              // enum rt_object_type
	uintptr_t wait_object;          // what it is blocked on
	uint64_t wait_step;             // since when
	int64_t deadline;               // virtual time; RT_NEVER
	void *(*start)(void *);
	void *arg, *result;
	void *cleanups; // innermost first
	uintptr_t created_pc;
	uint64_t created_step;
	uint64_t deprioritised_until; // step
	uint64_t state_seen;          // when it was deprioritised: a hash; 0: unknown
	uint64_t looked;              // step at which it took the mutex with which it waits
	bool spurious;                // its last wait ended without a signal
	struct rt_held {
		struct rt_object *object;
		uintptr_t pc;
		uint64_t step, own_step; // of all threads together, and of this one
	} * held, first_held[RT_FIRST_HELD];
	// Return addresses, outermost first; where the stack pointer stood in them.
	uintptr_t *calls, *frames, first_calls[2 * RT_FIRST_CALLS];
	const void **keys; // RT_MAX_KEYS, or NULL: none was set
} __attribute__((aligned(64)));

// A mutex, a condition variable, ...: known by its address.
struct rt_object {
	uintptr_t address;
	uint8_t type;    // enum rt_object_type
	uint8_t flavour; // PTHREAD_MUTEX_..., rwlock: which goes first, spin: PTHREAD_PROCESS_...
	bool robust, owner_dead, unrecoverable, destroyed;
	int32_t owner;  // thread; -1: none
	uint32_t count; // recursion, value of a semaphore, arrived at a barrier, readers
	uint32_t limit; // barrier: how many make it open
	uint32_t waiting;
	uint64_t round;  // barrier: generation
	uintptr_t mutex; // condition variable: of those that wait
	uintptr_t pc;    // where the owner took it; condition variable: where a signal was lost
	bool signal_lost;
	uint64_t lost_step; // when that was
	uint32_t *clock;    // released by its last owners
	uint32_t *readers;  // rwlock: released by readers
};

struct rt_iteration {
	bool controlled; // the program runs under our control
	bool processes;  // it has forked
	bool shares;     // and uses what its children may use, of which models know the parent only
	uint32_t running;
	uint32_t nr_threads, capacity; // ids 0 .. nr_threads - 1 were used
	uint64_t ready[RT_MAX_THREADS / 64];
	uint32_t nr_ready, nr_deprioritised;
	uint32_t nr_outside;  // threads that wait for a descriptor, a child, a signal
	uint32_t no_progress; // rounds in which no thread changed anything
	bool changed;         // which threads are ready, or a priority, since the last pick
	uint64_t step, max_steps, next_watch;
	uint64_t hash;
	uint64_t random;
	uint64_t switches, preemptions, spurious;
	int64_t now; // virtual
	int64_t next_deadline;
	int64_t next_alarm;    // of a timer that sends a signal; RT_NEVER: none
	uint32_t last_who;     // of the entry being written
	uint64_t next_requeue; // step before which requeue(false) finds none
	uintptr_t arena, arena_end, more, more_end;
	struct rt_thread *threads;                    // RT_MAX_THREADS of them
	const struct rt_outside *outside;             // what the rooms below do for the engine
	const struct rt_policy *policy, *next_policy; // the next one is for after a prefix
};

extern struct rt_iteration rt_iteration;
extern struct rt_thread *rt_self;
extern struct rt_shared *rt_shared;

static inline bool rt_controlled(void)
{
	return RT_LIKELY(rt_iteration.controlled);
}

// In the warmed process: `more` memory than there is at first, for rt_alloc().
void rt_iteration_init(void *more, size_t size);
// Control ends in the given way; the process goes on.
void rt_note_end(enum rt_ending ending, int code);
// Ends the iteration, and this process with it. Does not run the program's exit handlers.
_Noreturn void rt_end(enum rt_ending ending, int code);
_Noreturn void rt_end_limit(const char *what);
uint64_t rt_random(void);
// Memory that lasts as long as the iteration, zeroed.
void *rt_alloc(size_t size);
// Sets up the tables of a thread whose id was never used.
void rt_thread_fresh(struct rt_thread *thread);
struct rt_thread *rt_thread_of(pthread_t handle); // NULL: there is none
// Makes room for so many calls, up to RT_MAX_DEPTH.
void rt_room_for_calls(struct rt_thread *thread, uint32_t depth);

// The running thread calls from `pc`, in a function whose callee has its frame at `frame`: what
// functions that are not instrumented say of themselves before they call back.
static inline void rt_push_call(uintptr_t pc, uintptr_t frame)
{
	if (RT_UNLIKELY(rt_self->depth >= rt_self->room))
		rt_room_for_calls(rt_self, rt_self->depth + 1);
	if (RT_LIKELY(rt_self->depth < rt_self->room)) {
		rt_self->calls[rt_self->depth] = pc;
		rt_self->frames[rt_self->depth] = frame;
	}
	rt_self->depth++;
}

static inline void rt_pop_call(void)
{
	if (rt_self->depth)
		rt_self->depth--;
}

#endif
