/*
 * Signals of the program's threads. Sets are words, of which bit n - 1 is signal n. The
 * kernel knows only one thread: what threads of the program send each other never gets there.
 */
#ifndef RACEGATE_RT_SIGNALS_H
#define RACEGATE_RT_SIGNALS_H

#include "core/iteration.h"
#include "outside/signal_kernel.h"

#include <signal.h>

/* signals.c */

// What the running thread has to do before it goes on: to handle signals, or to end.
void rt_signals_attend(void);

/*
 * Sends one, to a thread or (NULL) to the process, ordered after what the running thread has
 * done, or after what `clock` knows. 0 or an error number.
 */
int rt_signal_send(struct rt_thread *to, const siginfo_t *info, const uint32_t *clock);
// What the kernel has for the process; `here`: it is the running thread's own doing.
void rt_signals_pull(bool here);
// It runs a handler, ends a wait, or is ignored: it does not end the process.
bool rt_signal_is_harmless(int number);

// A pending one of the set for the running thread; for any thread.
bool rt_signal_pending(uint64_t set);
bool rt_signal_pending_anywhere(uint64_t set);
// Takes it: its number and `*info`, 0: there is none.
int rt_signal_take(uint64_t set, siginfo_t *info);
// Who is told when what is pending has changed.
void rt_signals_watch(void (*changed)(void));
// The running thread takes these although it may block them; 0: no longer.
void rt_signal_await(uint64_t set);

// Sets the running thread's mask, and tells what it was; NULL: leaves it.
uint64_t rt_mask_enter(const sigset_t *mask);
void rt_mask_leave(uint64_t before);

// Handlers are left whose frames lie below the target; `place` may set the kernel's mask.
void rt_signals_jump(uintptr_t target, bool restores, sigset_t *kernel_mask);

/* signal_sending.c */

// As kill() of the own process; 0 or an error number.
int rt_signal_process(int number);

/* signal_waits.c */

bool rt_is_signalfd(int fd);
// As read(); EAGAIN: nothing is there for the running thread.
ssize_t rt_signalfd_read(int fd, void *to, size_t size);
void rt_signalfd_closed(int fd);

/* alarms.c */

// Timers whose virtual time has come send their signals. When the next soon one does.
int64_t rt_alarms_ring(void);
// When nobody can run, time may pass until the next one: it is more than a watchdog.
bool rt_alarm_helps(void);

#endif
