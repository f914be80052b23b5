// Who runs, who waits, and until when: the threads of one iteration.
#ifndef RACEGATE_RT_SCHED_H
#define RACEGATE_RT_SCHED_H

#include "core/iteration.h"

// What is done below this room.
struct rt_outside {
	// No thread can run; false: none can because of what happened outside.
	bool (*event)(void);
	// What the running thread has to do before it goes on: to handle signals, or to end.
	void (*attend)(void);
	// Timers whose virtual time has come send their signals. When the next soon one does.
	int64_t (*ring)(void);
	// The next one is more than a watchdog: time may pass for it when nobody can run.
	bool (*alarm_helps)(void);
	// Control ends, and the process goes on.
	void (*leave)(void);
};

// Begins an iteration in a fresh process: thread 0 runs.
void rt_begin(const struct rt_outside *outside);

static inline void rt_attend(void)
{
	rt_iteration.outside->attend();
}

/*
 * A scheduling point: the running thread is about to do `op`. Returns when it
 * may; everything up to the next point is atomic.
 */
void rt_point(enum rt_op op, uintptr_t address, unsigned size, uintptr_t pc);

/*
 * Blocks the running thread on an object until rt_wake() or `deadline` (virtual
 * nanoseconds, RT_NEVER). False when its time was up. Signals that have come meanwhile are
 * handled before it returns.
 */
bool rt_block(enum rt_object_type type, uintptr_t object, int64_t deadline);
// Likewise; they are left to rt_attend(), or to the next step.
bool rt_suspend(enum rt_object_type type, uintptr_t object, int64_t deadline);

// A new thread may run.
void rt_thread_ready(struct rt_thread *thread);
// One of 0 .. n - 1, decided by the policy and recorded in the schedule.
unsigned rt_choose(unsigned n);
// Whether the wait that the running thread begins ends at once, without a signal.
bool rt_spurious(void);
/*
 * The running thread has changed something that others may be looking at. A
 * thread that only reads is deprioritised after a while, until another makes progress.
 */
void rt_progress(void);
// Lets all others go first that can.
void rt_yield(uintptr_t pc);
// The running thread has ended. Does not return.
_Noreturn void rt_thread_end(void);

/* waits.c */

void rt_wake(struct rt_thread *thread);
// Wakes all that are blocked on the object; returns how many.
unsigned rt_wake_all(enum rt_object_type type, uintptr_t object);
// Threads blocked on the object, lowest id first; returns how many, of which `max` are stored.
unsigned rt_waiters(enum rt_object_type type, uintptr_t object, struct rt_thread **out,
		    unsigned max);
// Virtual time goes on by so much.
void rt_time_passes(int64_t ns);
// Wakes the threads whose time is up.
void rt_expire(void);
// Whether there is something that only time brings.
bool rt_time_may_pass(void);
// Time moves on to the next deadline or timer: most often a thread can run then.
void rt_skip_time(void);

/* trace.c */

// Records the running thread's step.
void rt_trace(const struct rt_pending *op);
// Notes what the running thread's step is besides, if the request asks for a trace.
void rt_mark(enum rt_mark_kind kind, uintptr_t address);
// Records where it is, at a step that the request asks for.
void rt_watch(const struct rt_pending *op);

#endif
