// What leads out of the process: descriptors, children, signals, time, input, endings.
#ifndef RACEGATE_RT_OUTSIDE_H
#define RACEGATE_RT_OUTSIDE_H

#include "model/model.h"

/*
 * Blocks in a cancellation point until `ready(arg)`, the deadline, or a handler that ends the
 * wait: 0, ETIMEDOUT, EINTR. `ready` may be called by any thread, and changes nothing.
 */
int rt_wait_outside(enum rt_object_type type, uintptr_t what, bool (*ready)(void *arg), void *arg,
		    int64_t deadline, enum rt_ends by);
/*
 * The same for a descriptor and poll()'s events. If the program closes it meanwhile, `*fd`
 * becomes another number of the same, which the caller closes.
 */
int rt_wait_fd(int *fd, short events, int64_t deadline, enum rt_ends by);
// Whether calls on the descriptor wait in the kernel.
bool rt_fd_may_block(int fd);
// Returns when a call on the descriptor does not block; at once when it never does. 0, EINTR.
int rt_wait_blocking_fd(int *fd, short events);
// The number is about to be closed: threads that wait for what it stands for wait on.
void rt_keep_for_waiters(int fd);
// The running thread has used a descriptor, or sent a signal: progress for those that wait for it.
void rt_outside_changed(void);
// Nobody can run: a thread whose condition holds is woken, or false.
bool rt_outside_event(void);

/* descriptors.c */

// close(), from there.
int rt_close(int fd, uintptr_t pc);

/* timerfd.c */

// Timers whose virtual time has come expire. When the next one does; RT_NEVER: there is none.
int64_t rt_timers_fire(void);
void rt_timer_closed(int fd);

/* children.c */

// A forked process may still do something without our help.
bool rt_children_busy(void);
// Each of those that may only sleeps until some time.
bool rt_children_only_sleep(void);
// Gives orphans a moment to become idle, and ends them.
void rt_end_children(void);

/* process.c */

/*
 * We are a process that the program has forked. Its sleeps are that many times shorter than they
 * should be, and its clocks say otherwise, so that a schedule does not take their time.
 */
extern bool rt_is_child;
enum { RT_CHILD_SPEED = 100 };

// Of what the program calls process ids, to the kernel's, and back. Others stay.
int rt_real_pid(int pid);
int rt_shown_pid(int pid);
// A child is there; the id that the program is shown.
int rt_new_child(int pid);

/* uncontrolled.c */

// The program clones itself, under this name: named, and refused when memory is to be shared.
void rt_begin_clone(const char *name, unsigned long flags, uintptr_t pc);

/* input.c */

// Bytes that the same schedule gets again.
void rt_fill_randomly(void *to, size_t size);

/* faults.c */

void rt_catch_faults(void);

#endif
