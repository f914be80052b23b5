/*
 * Signals between threads of the program. The kernel knows only one thread, so a handler
 * that is to run in another one is put on top of that thread's stack and runs when the
 * thread is chosen next. Blocked signals, and those for the whole process, are left to
 * the kernel; a thread that waits for them is blocked like any other.
 */
#include "core/arch.h"
#include "core/intercept.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "model/model.h"
#include "outside/outside.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MAX_DELIVERIES = 16 };

static RT_COLD_STATE struct deliveries {
	uint32_t *clock; // released by the senders
	unsigned nr;
	struct {
		int number;
		void *goes_on; // the stack pointer of what is interrupted
	} items[MAX_DELIVERIES];
} deliveries[RT_MAX_THREADS];
static RT_ITERATION_STATE uint64_t handled; // handlers that have run, of whichever thread

static void call_handler(int number)
{
	struct sigaction action;
	siginfo_t info = { .si_signo = number, .si_code = SI_TKILL };

	sigaction(number, NULL, &action);
	if (action.sa_flags & SA_SIGINFO)
		action.sa_sigaction(number, &info, NULL);
	else if (action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN)
		action.sa_handler(number);
	handled++;
}

// Runs in the thread that the signal is for, and goes on where that was.
static void deliver(void)
{
	struct deliveries *mine = &deliveries[rt_self->id];
	int number = mine->items[mine->nr - 1].number;
	void *goes_on = mine->items[mine->nr - 1].goes_on, *here;
	struct rt_pending pending = rt_self->pending;
	int error = errno;

	mine->nr--;
	rt_acquire(mine->clock);
	call_handler(number);
	errno = error;
	rt_self->pending = pending;
	rt_switch_stacks(&here, goes_on);
}

static int interrupt(struct rt_thread *thread, int number)
{
	enum { BELOW = 256 };
	struct deliveries *its = &deliveries[thread->id];

	if (its->nr == MAX_DELIVERIES)
		return EAGAIN;
	rt_release(&its->clock);
	its->items[its->nr].number = number;
	its->items[its->nr++].goes_on = thread->sp;
	thread->sp = rt_first_stack((uintptr_t)thread->sp - BELOW, deliver);
	rt_wake(thread);
	return 0;
}

static bool has_handler(int number)
{
	struct sigaction action;

	return !sigaction(number, NULL, &action) &&
	       (action.sa_flags & SA_SIGINFO ||
		(action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN));
}

static bool is_blocked(int number)
{
	sigset_t set;

	return !sigprocmask(SIG_BLOCK, NULL, &set) && sigismember(&set, number) == 1;
}

// To ourselves, or where it does not matter to whom.
static int send_here(int number)
{
	uint64_t before = handled;
	int rc = RT_REAL(kill)(RT_REAL(getpid)(), number) ? errno : 0;

	handled = before + 1;
	rt_outside_changed();
	return rc;
}

static int send_to_thread(pthread_t handle, int number, uintptr_t pc)
{
	struct rt_thread *thread;

	rt_point(RT_OP_CALL, 0, 0, pc);
	thread = rt_thread_of(handle);
	if (!thread || (thread->joined && thread != rt_self)) {
		rt_report_here(RT_FOUND_API_MISUSE, (uintptr_t)handle, pc);
		return ESRCH;
	}
	if (number < 0 || number >= NSIG)
		return EINVAL;
	if (!number || thread->state == RT_ENDED)
		return 0;
	rt_progress();
	if (thread == rt_self || is_blocked(number) || !has_handler(number))
		return send_here(number);
	return interrupt(thread, number);
}

static int raise_here(int number, uintptr_t pc)
{
	int error;

	rt_point(RT_OP_CALL, 0, 0, pc);
	error = send_here(number);
	if (error)
		errno = error;
	return error ? -1 : 0;
}

INTERCEPT(int, pthread_kill, (pthread_t handle, int number),
	  send_to_thread(handle, number, RT_PC()), handle, number)
INTERCEPT_OWN(int, raise, (int number), raise_here(number, RT_PC()), number)

/* Waiting for one */

static bool one_pending(void *arg)
{
	const sigset_t *wanted = arg;
	sigset_t pending;

	sigpending(&pending);
	for (int i = 1; i < NSIG; i++)
		if (sigismember(wanted, i) == 1 && sigismember(&pending, i) == 1)
			return true;
	return false;
}

// errno's EAGAIN when time is up.
static int take_signal(const sigset_t *set, siginfo_t *info, int64_t deadline, uintptr_t pc)
{
	static const struct timespec now;
	sigset_t wanted = *set;

	rt_point(RT_OP_WAIT, 0, 0, pc);
	rt_wait_outside(RT_SIGNAL, 0, one_pending, &wanted, deadline);
	rt_progress();
	return RT_REAL(sigtimedwait)(set, info, &now);
}

static int wait_for_signal(const sigset_t *set, int *number, uintptr_t pc)
{
	int taken = take_signal(set, NULL, RT_NEVER, pc);

	if (taken < 0)
		return errno;
	*number = taken;
	return 0;
}

INTERCEPT_OWN(int, sigwait, (const sigset_t *restrict set, int *restrict number),
	      wait_for_signal(set, number, RT_PC()), set, number)
INTERCEPT_OWN(int, sigwaitinfo, (const sigset_t *restrict set, siginfo_t *restrict info),
	      take_signal(set, info, RT_NEVER, RT_PC()), set, info)
INTERCEPT_OWN(int, sigtimedwait,
	      (const sigset_t *restrict set, siginfo_t *restrict info,
	       const struct timespec *restrict timeout),
	      take_signal(set, info, timeout ? rt_time_after(rt_ns_of(timeout)) : RT_NEVER,
			  RT_PC()),
	      set, info, timeout)

static bool handler_ran(void *arg)
{
	return handled != *(const uint64_t *)arg;
}

static int wait_for_handler(uintptr_t pc)
{
	uint64_t before;

	rt_point(RT_OP_WAIT, 0, 0, pc);
	before = handled;
	rt_wait_outside(RT_SIGNAL, 0, handler_ran, &before, RT_NEVER);
	errno = EINTR;
	return -1;
}

INTERCEPT_OWN(int, pause, (void), wait_for_handler(RT_PC()))
