/*
 * Signals between the threads of a program. The kernel knows one thread only, so a
 * handler that is to run in another one is put on top of that one's stack: it runs
 * when the thread is chosen next, wherever that stands. Blocked signals, and those
 * for the whole process, are the kernel's business; a thread that waits for them
 * is blocked like any other.
 */
#include "engine/arch.h"
#include "engine/real.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "model/model.h"
#include "outside/outside.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define OURS() (rt_controlled() && rt_in_program(RT_PC()))

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

RT_EXPORT int pthread_kill(pthread_t handle, int number)
{
	struct rt_thread *thread;

	if (!rt_controlled())
		return RT_REAL(pthread_kill)(handle, number);
	rt_point(RT_OP_CALL, 0, 0, RT_PC());
	thread = rt_thread_of(handle);
	if (!thread || (thread->joined && thread != rt_self)) {
		rt_report_here(RT_FOUND_API_MISUSE, (uintptr_t)handle, RT_PC());
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

RT_EXPORT int raise(int number)
{
	int error;

	if (!OURS())
		return RT_REAL(raise)(number);
	rt_point(RT_OP_CALL, 0, 0, RT_PC());
	error = send_here(number);
	if (error)
		errno = error;
	return error ? -1 : 0;
}

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

RT_EXPORT int sigwait(const sigset_t *restrict set, int *restrict number)
{
	int taken;

	if (!OURS())
		return RT_REAL(sigwait)(set, number);
	taken = take_signal(set, NULL, RT_NEVER, RT_PC());
	if (taken < 0)
		return errno;
	*number = taken;
	return 0;
}

RT_EXPORT int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return OURS() ? take_signal(set, info, RT_NEVER, RT_PC()) : RT_REAL(sigwaitinfo)(set, info);
}

RT_EXPORT int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
			   const struct timespec *restrict timeout)
{
	if (!OURS())
		return RT_REAL(sigtimedwait)(set, info, timeout);
	return take_signal(set, info,
			   timeout ? rt_iteration.now + timeout->tv_sec * 1000000000 +
					     timeout->tv_nsec
				   : RT_NEVER,
			   RT_PC());
}

static bool handler_ran(void *arg)
{
	return handled != *(const uint64_t *)arg;
}

RT_EXPORT int pause(void)
{
	uint64_t before;

	if (!OURS())
		return RT_REAL(pause)();
	rt_point(RT_OP_WAIT, 0, 0, RT_PC());
	before = handled;
	rt_wait_outside(RT_SIGNAL, 0, handler_ran, &before, RT_NEVER);
	errno = EINTR;
	return -1;
}
