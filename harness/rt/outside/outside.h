// What leads out of the process: descriptors, children, signals, time, input, endings.
#ifndef RACEGATE_RT_OUTSIDE_H
#define RACEGATE_RT_OUTSIDE_H

#include "rt.h"

#include <time.h>

/*
 * Blocks until `ready(arg)` or the deadline; false: time is up. `ready` may be
 * called by any thread, and changes nothing.
 */
bool rt_wait_outside(enum rt_object_type type, uintptr_t what, bool (*ready)(void *arg), void *arg,
		     int64_t deadline);
/*
 * The same for a descriptor and poll()'s events. If the program closes it meanwhile, `*fd`
 * becomes another number of the same, which the caller closes.
 */
bool rt_wait_fd(int *fd, short events, int64_t deadline);
// Returns when a call on the descriptor does not block; at once when it never does.
bool rt_wait_blocking_fd(int *fd, short events);
// The number is about to be closed: threads that wait for what it stands for wait on.
void rt_keep_for_waiters(int fd);
// The running thread has used a descriptor, or sent a signal: progress for those that wait for it.
void rt_outside_changed(void);
// The running thread uses an object that child processes may use too: it is named, once there are
// some.
void rt_shared_object(const char *what, uintptr_t pc);
// Nobody can run: a thread whose condition holds is woken, or false.
bool rt_outside_event(void);

/* time.c */

// Nanoseconds in range, as the timed functions require.
bool rt_time_valid(const struct timespec *until);
// Virtual nanoseconds of a time on one of the program's clocks.
int64_t rt_time_of(clockid_t clock, const struct timespec *until);
void rt_sleep(const struct timespec *time, uintptr_t pc);

/* timerfd.c */

// Timers whose virtual time has come expire. When the next one does; RT_NEVER: there is none.
int64_t rt_timers_fire(void);
void rt_timer_closed(int fd);

/* children.c */

// A forked process may still do something without our help.
bool rt_children_busy(void);
// Gives orphans a moment to become idle, and ends them.
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
