/*
 * The runtime of explored programs, from inside: what its files share.
 *
 * All threads of the program run on one kernel thread as fibers, so nothing in
 * here needs a lock and every hook is atomic between two scheduling points.
 * Hooks allocate nothing: tables are fixed, and what must grow comes from one
 * reserved mapping (rt_alloc). All state of an iteration hangs on rt_world, so
 * that it can move into a mapping that several processes share.
 */
#ifndef RACEGATE_RT_H
#define RACEGATE_RT_H

#include "engine/world.h"

#include <time.h>

// The caller's caller: the place in the program that a hook was called from.
#define RT_PC() ((uintptr_t)__builtin_return_address(0))
// Functions of the program's world that we define in its place.
#define RT_EXPORT      __attribute__((visibility("default")))
#define RT_LIKELY(x)   __builtin_expect(!!(x), 1)
#define RT_UNLIKELY(x) __builtin_expect(!!(x), 0)
// Large and seldom used: apart from what each iteration writes, which so fills few pages.
#define RT_COLD __attribute__((section(".bss.rt_cold")))

extern struct rt_world rt_world;
extern struct rt_thread *rt_self;
extern struct rt_shared *rt_shared;

static inline bool rt_controlled(void)
{
	return RT_LIKELY(rt_world.controlled);
}

/* world.c */

// In the warmed process: `more` memory than there is at first, for rt_alloc().
void rt_world_init(void *more, size_t size);
// Control ends, with these words about how; the process goes on.
void rt_note_end(enum rt_ending ending, int code);
// Ends the iteration, and this process with it. Does not run the program's exit handlers.
_Noreturn void rt_end(enum rt_ending ending, int code);
_Noreturn void rt_end_limit(const char *what);
uint64_t rt_random(void);
// Memory that lasts as long as the iteration, zeroed.
void *rt_alloc(size_t size);
// Of a thread that nobody has been: its tables.
void rt_thread_fresh(struct rt_thread *thread);
// Room for so many calls, as far as there may be.
void rt_room_for_calls(struct rt_thread *thread, uint32_t depth);

/* sched.c */

// Begins an iteration in a fresh process: thread 0 runs and is under control.
void rt_begin(void);

/*
 * A scheduling point: the running thread is about to do `op`. Returns when it
 * may; everything up to the next point is atomic.
 */
void rt_point(enum rt_op op, uintptr_t address, unsigned size, uintptr_t pc);

/*
 * Blocks the running thread on an object until rt_wake() or `deadline` (virtual
 * nanoseconds, RT_NEVER). False when its time was up.
 */
bool rt_block(enum rt_object_type type, uintptr_t object, int64_t deadline);

// A new thread may run.
void rt_thread_ready(struct rt_thread *thread);
void rt_wake(struct rt_thread *thread);
// Wakes all that are blocked on the object; returns how many.
unsigned rt_wake_all(enum rt_object_type type, uintptr_t object);
// One of 0 .. n - 1, decided by the policy and recorded in the schedule.
unsigned rt_choose(unsigned n);
// Whether the wait that the running thread begins ends at once, without a signal.
bool rt_spurious(void);
/*
 * The running thread has changed something that others may be looking at. Who
 * only reads rests after a while, until somebody makes progress.
 */
void rt_progress(void);
// Virtual time goes on by so much.
void rt_time_passes(int64_t ns);
// Lets all others go first that can.
void rt_yield(uintptr_t pc);
// The running thread has ended. Does not return.
_Noreturn void rt_thread_end(void);
// Threads blocked on the object, lowest id first; returns how many, of which `max` are stored.
unsigned rt_waiters(enum rt_object_type type, uintptr_t object, struct rt_thread **out,
		    unsigned max);

static inline bool rt_is_ready(unsigned thread)
{
	return rt_world.ready[thread / 64] >> (thread % 64) & 1;
}

/* deadlines.c */

// Wakes those whose time is up.
void rt_expire(void);
// Time moves on to the next deadline: at least one thread can run then.
void rt_skip_time(void);

/* trace.c */

// Writes the running thread's step down.
void rt_trace(const struct rt_pending *op);
// Where it is now, at a step that was asked for.
void rt_watch(const struct rt_pending *op);

/* object.c */

// The object at the address, made when there is none; of another type: NULL.
struct rt_object *rt_object(uintptr_t address, enum rt_object_type type);
struct rt_object *rt_object_find(uintptr_t address);
// Those of one type.
void rt_object_each(enum rt_object_type type, void (*visit)(struct rt_object *object));
void rt_object_forget(uintptr_t address);
// What lies in memory that was given back.
void rt_object_forget_range(uintptr_t address, size_t size);
void rt_hold(struct rt_object *object, uintptr_t pc);
/*
 * The step since which the running thread can have looked at what the lock
 * protects: at which it took it; now, when it does not hold it; 0, when it has
 * done nothing since, so that it has not looked at all.
 */
uint64_t rt_looked_since(const struct rt_object *object);
void rt_let_go(struct rt_thread *thread, struct rt_object *object);

/* clocks.c: happens-before */

void rt_clock_begin(void);
void rt_clock_thread(struct rt_thread *parent, struct rt_thread *child); // creation
void rt_clock_join(struct rt_thread *thread, struct rt_thread *ended);
// The running thread learns what was released there; NULL: nothing was.
void rt_acquire(const uint32_t *clock);
// Releases to `*clock`, adding to what is there (made when NULL).
void rt_release(uint32_t **clock);
// Releases to `*clock`, instead of what is there.
void rt_release_only(uint32_t **clock);
// A relaxed load saw what was released there: the next acquire fence learns it.
void rt_fence_pending(const uint32_t *clock);
void rt_fence_acquire(void);
void rt_fence_release(void);
bool rt_fence_released(void); // the running thread has passed a release fence
// A relaxed store releases what the last release fence did; `only`: instead of what is there.
void rt_release_fenced(uint32_t **clock, bool only);

/* shadow.c: who touched what */

// Checks one access of the running thread against all unordered ones, and remembers it.
void rt_access(uintptr_t address, unsigned size, enum rt_op op, uintptr_t pc);
void rt_read(uintptr_t address, unsigned size, uintptr_t pc);
void rt_write(uintptr_t address, unsigned size, uintptr_t pc);
// Fresh memory: nobody has touched it.
void rt_shadow_clear(uintptr_t address, size_t size);
// Memory that was given back: who touches it now is reported.
void rt_shadow_free(uintptr_t address, size_t size);

/* heap.c */

enum { RT_BLOCK_STACK = 10 };

// Who allocated or freed a block; step 0: nobody.
struct rt_block_site {
	uint64_t step;
	uint32_t nr_stack;
	uint16_t thread;
	uintptr_t stack[RT_BLOCK_STACK];
};

struct rt_block {
	uintptr_t address;
	size_t size;
	struct rt_block_site allocated, freed;
	struct rt_block *next; // in order of being freed
};

// Memory that the C library has made for the program at `pc`; NULL stays NULL.
void *rt_born(void *memory, size_t size, uintptr_t pc);
// The block that holds the address, alive or freed; NULL: none.
const struct rt_block *rt_block_at(uintptr_t address);

/* report.c */

// Where the running thread is, with its locks.
void rt_site_here(struct rt_site *site, enum rt_op op, uintptr_t address, unsigned size,
		  uintptr_t pc);
// False: it is not among the findings, and it might be at another address.
bool rt_report(enum rt_finding_kind kind, const struct rt_site *sites, unsigned nr);
// One site, the running thread's.
void rt_report_here(enum rt_finding_kind kind, uintptr_t object, uintptr_t pc);
void rt_report_stuck(void);
// Does nothing: see rt_request.stop_finding.
void rt_stop_here(void);
// Something of that name is called that nobody controls.
void rt_report_uncontrolled(const char *name, uintptr_t pc);

/* real.c: the C library's own functions behind ours */

// One of the C library's functions; found before the first iteration begins.
struct rt_real {
	const char *name;
	void *function;
};

void rt_find_real(struct rt_real *real);
// Whether the place is in the program's own code, an instrumented library's included, and not ours.
bool rt_in_program(uintptr_t pc);
// The library that has this place is instrumented: the program's own.
void rt_note_module(uintptr_t pc);
uintptr_t rt_program_base(void);
// RT_REAL(name)(arguments…)
#define RT_REAL(name)                                                                              \
	({                                                                                         \
		static struct rt_real real __attribute__((section("rt_reals"))) = { #name, NULL }; \
		if (RT_UNLIKELY(!real.function))                                                   \
			rt_find_real(&real);                                                       \
		(__typeof__(name) *)real.function;                                                 \
	})

/* server.c */

// The parked threads, made as they are needed.
void rt_park(unsigned threads);

/* thread.c */

struct rt_thread *rt_thread_of(pthread_t handle); // NULL: there is none
int rt_create(pthread_t *handle, bool detached, void *(*start)(void *), void *arg, uintptr_t pc);
int rt_join(pthread_t handle, void **result, int64_t deadline, uintptr_t pc);
int rt_detach(pthread_t handle, uintptr_t pc);
int rt_key_create(pthread_key_t *key, void (*destroy)(void *), uintptr_t pc);
// The running thread ends; its cleanup handlers have run.
_Noreturn void rt_thread_finish(void *result);

// Where a thread was created before main(), as constructors do; 0: none was.
extern uintptr_t rt_early_thread;
void rt_note_early_thread(uintptr_t pc);

/* cancel.c */

// The running thread ends, its cleanup handlers first.
_Noreturn void rt_unwind(void *result, uintptr_t pc);
// A cancellation point: does not return when the running thread was asked to end.
void rt_cancel_point(uintptr_t pc);
// As rt_block(); pthread_cancel() ends the wait, and rt_cancel_wait() has to follow.
bool rt_block_cancellable(enum rt_object_type type, uintptr_t object, int64_t deadline);
// Does not return when the wait was ended by pthread_cancel().
void rt_cancel_wait(uintptr_t pc);

/* once.c */

void rt_once(int *control, void (*init)(void), uintptr_t pc);

/* mutex.c: as the POSIX functions, with a virtual deadline */

int rt_mutex_lock(pthread_mutex_t *mutex, int64_t deadline, uintptr_t pc);
int rt_mutex_trylock(pthread_mutex_t *mutex, uintptr_t pc);
int rt_mutex_unlock(pthread_mutex_t *mutex, uintptr_t pc);
int rt_mutex_destroy(pthread_mutex_t *mutex, uintptr_t pc);
// Forgets what was there, and looks whether it may.
void rt_mutex_init(pthread_mutex_t *mutex, uintptr_t pc);
// NULL: the running thread does not hold it.
struct rt_object *rt_mutex_for_wait(pthread_mutex_t *mutex);
// Unlocks it without a scheduling point: a part of another step.
void rt_mutex_release(struct rt_object *object, uintptr_t pc);
// The thread has ended: its robust mutexes are free, and their next owner is told.
void rt_mutex_orphan(struct rt_thread *thread);

/* condvar.c: likewise */

void rt_cond_init(pthread_cond_t *cond, uintptr_t pc); // likewise
int rt_cond_destroy(pthread_cond_t *cond, uintptr_t pc);
// With `spurious` it may end without a signal, as POSIX allows.
int rt_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, int64_t deadline, bool spurious,
		 uintptr_t pc);
// Whether other processes may know it.
bool rt_cond_is_shared(uintptr_t cond);
int rt_cond_wake(pthread_cond_t *cond, bool all, uintptr_t pc);

/* time.c */

// Nanoseconds in range, as the timed functions require.
bool rt_time_valid(const struct timespec *until);

// Virtual nanoseconds of a time on one of the program's clocks.
int64_t rt_time_of(clockid_t clock, const struct timespec *until);
void rt_sleep(const struct timespec *time, uintptr_t pc);

/* annotate.c */

// The program says that it does not matter who races there.
bool rt_is_benign(uintptr_t address);

/* outside.c: descriptors, children, signals */

/*
 * Blocks until `ready(arg)` or the deadline; false: time is up. `ready` may be
 * called by any thread, and changes nothing.
 */
bool rt_wait_outside(enum rt_object_type type, uintptr_t what, bool (*ready)(void *arg), void *arg,
		     int64_t deadline);
// The same for a descriptor and poll()'s events.
bool rt_wait_fd(int fd, short events, int64_t deadline);
// Returns when a call on the descriptor does not block; at once when it never does.
void rt_wait_blocking_fd(int fd, short events);
// The running thread has used a descriptor, or sent a signal: progress for who waits for it.
void rt_outside_changed(void);
// Nobody can run: somebody whose condition holds is woken, or false.
bool rt_outside_event(void);

/* timerfd.c */

// Timers whose virtual time has come expire. When the next one does; RT_NEVER: there is none.
int64_t rt_timers_fire(void);
void rt_timer_closed(int fd);

/* children.c */

// A forked process may still do something without our help.
bool rt_children_busy(void);
// A number that changes when one of them has done something.
unsigned long rt_children_moved(void);
// Gives orphans a moment to come to rest, and ends them.
void rt_end_children(void);

/* process.c */

// Of what the program calls process ids, to the kernel's, and back. Others stay.
int rt_real_pid(int pid);
int rt_shown_pid(int pid);
// A child is there; the id that the program is shown.
int rt_new_child(int pid);

/* input.c */

// Bytes that the same schedule gets again.
void rt_fill_randomly(void *to, size_t size);

/* exit.c */

void rt_catch_faults(void);
// Ends the process when the running thread is the last one.
void rt_last_thread_exits(void);

#endif
