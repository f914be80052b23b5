/*
 * Signals, modelled from POSIX (XSH 2.4) and signal(7). Each thread has its mask and what is
 * pending for it. One for the process goes to any thread that does not block it or waits for
 * it, by choice. A handler runs on the stack of its thread, before that one's next step or in
 * a wait of it; whether that ends the wait is the wait's affair.
 *
 * What has a handler, or is blocked by some thread, is always blocked in the kernel: what
 * comes from outside stays there until we take it. Faults are the kernel's.
 */
#include "outside/signals.h"
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "model/model.h"
#include "outside/signal_actions.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { MAX_QUEUED = 64 };

// A handler that runs.
struct frame {
	struct frame *outer;
	uint64_t mask; // before
};

static RT_COLD_STATE struct {
	uint64_t awaited[RT_MAX_THREADS];
	struct frame *frames[RT_MAX_THREADS];
	uint32_t *clocks[NSIG];
	unsigned nr;
	struct queued {
		const struct rt_thread *to; // NULL: the process
		siginfo_t info;
	} queue[MAX_QUEUED];
} signals;

/* What a signal does */

bool rt_signal_is_harmless(int number)
{
	struct sigaction action;

	if (rt_signal_disposition(number, &action) != RT_FATAL)
		return true;
	for (unsigned i = 0; i < rt_iteration.nr_threads; i++)
		if (rt_iteration.threads[i].state != RT_ENDED &&
		    !(rt_iteration.threads[i].signal_mask & ~signals.awaited[i] &
		      RT_SIGNAL_BIT(number)))
			return (signals.awaited[i] & RT_SIGNAL_BIT(number)) != 0;
	return true;
}

// The kernel does what it does by default: it stops the process, or ends it.
static int leave_to_kernel(int number)
{
	sigset_t set;

	rt_signal_set(RT_SIGNAL_BIT(number), &set);
	RT_REAL(sigprocmask)(SIG_UNBLOCK, &set, NULL);
	return RT_REAL(kill)(RT_REAL(getpid)(), number) ? errno : 0;
}

/*
 * XSH 2.4.3: when a signal interrupts a function that is not async-signal-safe, its handler
 * may not call such functions. What is interrupted are the calls that are steps.
 */
static bool interrupts_unsafe(void)
{
	const struct rt_pending *op = &rt_self->pending;
	const struct rt_object *object;

	if (op->op == RT_OP_READ || op->op == RT_OP_WRITE || op->op == RT_OP_ATOMIC_READ ||
	    op->op == RT_OP_ATOMIC_WRITE)
		return false;
	object = rt_object_find(op->address);
	return object && object->type != RT_SEMAPHORE && object->type != RT_ATOMIC;
}

static void run_handler(siginfo_t *info, const struct sigaction *action)
{
	const bool unsafe = rt_self->unsafe;
	struct frame frame = { signals.frames[rt_self->id], rt_self->signal_mask };
	ucontext_t context = { .uc_flags = 0 };

	rt_signal_set(frame.mask, &context.uc_sigmask);
	signals.frames[rt_self->id] = &frame;
	rt_self->unsafe |= interrupts_unsafe();
	rt_self->signal_mask |= rt_signal_bits(&action->sa_mask);
	if (!(action->sa_flags & SA_NODEFER))
		rt_self->signal_mask |= RT_SIGNAL_BIT(info->si_signo);
	if (action->sa_flags & (int)SA_RESETHAND)
		RT_REAL(signal)(info->si_signo, SIG_DFL);
	if (action->sa_flags & SA_SIGINFO)
		action->sa_sigaction(info->si_signo, info, &context);
	else
		action->sa_handler(info->si_signo);
	signals.frames[rt_self->id] = frame.outer;
	rt_self->unsafe = unsafe;
	rt_self->signal_mask = frame.mask;
	rt_self->handled++;
	rt_self->ending_waits += !(action->sa_flags & SA_RESTART);
}

static void act_on(siginfo_t *info)
{
	struct sigaction action;

	switch (rt_signal_disposition(info->si_signo, &action)) {
	case RT_HANDLED:
		run_handler(info, &action);
		break;
	case RT_FATAL:
	case RT_STOPPING:
		leave_to_kernel(info->si_signo);
		break;
	case RT_IGNORED:
		break;
	}
}

void rt_signals_attend(void)
{
	const struct rt_pending pending = rt_self->pending;
	const int error = errno;
	siginfo_t info;

	rt_self->attention = false;
	if (rt_cancels_now())
		rt_unwind(PTHREAD_CANCELED, pending.pc);
	while (rt_signal_take(~rt_self->signal_mask, &info))
		act_on(&info);
	rt_self->pending = pending;
	errno = error;
}

void rt_signals_jump(uintptr_t target, bool restores, sigset_t *kernel_mask)
{
	struct frame **frame;

	if (!rt_signals_begun())
		return;
	if (restores)
		rt_signal_set(rt_signal_bits(kernel_mask) | rt_signals_in_kernel(), kernel_mask);
	frame = &signals.frames[rt_self->id];
	for (; *frame && (uintptr_t)*frame < target; *frame = (*frame)->outer) {
		rt_self->unsafe = false;
		if (restores)
			rt_self->signal_mask = (*frame)->mask;
	}
}

/* What is pending */

static RT_ITERATION_STATE void (*watcher)(void);

void rt_signals_watch(void (*changed)(void))
{
	watcher = changed;
}

static void show_change(void)
{
	if (watcher)
		watcher();
}

static bool is_for(const struct queued *queued, const struct rt_thread *thread, uint64_t set)
{
	return (!queued->to || queued->to == thread) && set & RT_SIGNAL_BIT(queued->info.si_signo);
}

bool rt_signal_pending(uint64_t set)
{
	for (unsigned i = 0; i < signals.nr; i++)
		if (is_for(&signals.queue[i], rt_self, set))
			return true;
	return false;
}

bool rt_signal_pending_anywhere(uint64_t set)
{
	for (unsigned i = 0; i < signals.nr; i++)
		if (set & RT_SIGNAL_BIT(signals.queue[i].info.si_signo))
			return true;
	return false;
}

// Lowest number first; of one number, the oldest.
int rt_signal_take(uint64_t set, siginfo_t *info)
{
	struct queued *first = NULL;

	for (unsigned i = 0; i < signals.nr; i++) {
		struct queued *queued = &signals.queue[i];

		if (is_for(queued, rt_self, set) &&
		    (!first || queued->info.si_signo < first->info.si_signo))
			first = queued;
	}
	if (!first)
		return 0;
	*info = first->info;
	memmove(first, first + 1, (size_t)(&signals.queue[--signals.nr] - first) * sizeof(*first));
	rt_acquire(signals.clocks[info->si_signo]);
	show_change();
	return info->si_signo;
}

void rt_signal_await(uint64_t set)
{
	signals.awaited[rt_self->id] = set;
}

static bool takes(const struct rt_thread *thread, int number)
{
	return thread->state != RT_ENDED &&
	       (~thread->signal_mask | signals.awaited[thread->id]) & RT_SIGNAL_BIT(number);
}

static unsigned takers_of(struct rt_thread *to, int number, struct rt_thread **takers)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		struct rt_thread *thread = &rt_iteration.threads[i];

		if ((!to || to == thread) && takes(thread, number))
			takers[nr++] = thread;
	}
	return nr;
}

static void alert(struct rt_thread *thread)
{
	thread->attention = true;
	rt_wake(thread);
}

// A standard signal that is pending already is not queued again.
static bool enqueue(const struct rt_thread *to, const siginfo_t *info)
{
	for (unsigned i = 0; info->si_signo < SIGRTMIN && i < signals.nr; i++)
		if (signals.queue[i].to == to && signals.queue[i].info.si_signo == info->si_signo)
			return true;
	if (signals.nr == MAX_QUEUED)
		return false;
	signals.queue[signals.nr++] = (struct queued){ to, *info };
	return true;
}

static bool is_awaited(int number)
{
	for (unsigned i = 0; i < rt_iteration.nr_threads; i++)
		if (signals.awaited[i] & RT_SIGNAL_BIT(number))
			return true;
	return false;
}

int rt_signal_send(struct rt_thread *to, const siginfo_t *info, const uint32_t *clock)
{
	struct rt_thread *takers[RT_MAX_THREADS];
	struct sigaction action;
	enum rt_disposition disposition;
	const int number = info->si_signo;
	unsigned nr;

	rt_signals_begin();
	disposition = rt_signal_disposition(number, &action);
	nr = takers_of(to, number, takers);
	if (disposition == RT_STOPPING)
		return leave_to_kernel(number);
	if (nr && disposition != RT_HANDLED && !is_awaited(number))
		return disposition == RT_FATAL ? leave_to_kernel(number) : 0;
	if (!enqueue(to, info))
		return EAGAIN;
	if (clock)
		rt_clock_add(&signals.clocks[number], clock);
	else
		rt_release(&signals.clocks[number]);
	if (nr)
		alert(takers[rt_choose(nr)]);
	show_change();
	return 0;
}

void rt_signals_pull(bool here)
{
	const struct timespec none = { 0, 0 };
	const int error = errno;
	siginfo_t info;
	sigset_t set;

	if (!rt_signals_in_kernel())
		return;
	rt_signal_set(rt_signals_in_kernel(), &set);
	while (RT_REAL(sigtimedwait)(&set, &info, &none) > 0)
		rt_signal_send(here ? rt_self : NULL, &info, NULL);
	errno = error;
}

/* Masks */

// One that was to be the running thread's, which now blocks it.
static void pass_on(void)
{
	struct rt_thread *takers[RT_MAX_THREADS];

	for (unsigned i = 0; i < signals.nr; i++) {
		const struct queued *queued = &signals.queue[i];
		unsigned nr;

		if (queued->to || takes(rt_self, queued->info.si_signo))
			continue;
		nr = takers_of(NULL, queued->info.si_signo, takers);
		if (nr)
			alert(takers[rt_choose(nr)]);
	}
}

static void set_mask(uint64_t mask)
{
	rt_self->signal_mask = mask & ~RT_UNBLOCKABLE;
	rt_signals_block_in_kernel(mask);
	if (rt_signal_pending(~rt_self->signal_mask))
		rt_self->attention = true;
	if (signals.nr)
		pass_on();
}

uint64_t rt_mask_enter(const sigset_t *mask)
{
	uint64_t before;

	rt_signals_begin();
	before = rt_self->signal_mask;
	if (mask)
		set_mask(rt_signal_bits(mask));
	return before;
}

void rt_mask_leave(uint64_t before)
{
	if (rt_self->signal_mask != before)
		set_mask(before);
}

static int change_mask(int how, const sigset_t *set, sigset_t *old)
{
	uint64_t mask, bits;

	rt_signals_begin();
	mask = rt_self->signal_mask;
	if (set) {
		bits = rt_signal_bits(set);
		if (how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK)
			return EINVAL;
		set_mask(how == SIG_BLOCK ? mask | bits : how == SIG_UNBLOCK ? mask & ~bits : bits);
	}
	if (old)
		rt_signal_set(mask, old);
	if (set && rt_self->attention)
		rt_attend();
	return 0;
}

static int in_errno(int error)
{
	if (!error)
		return 0;
	errno = error;
	return -1;
}

INTERCEPT(int, pthread_sigmask, (int how, const sigset_t *set, sigset_t *old),
	  change_mask(how, set, old), how, set, old)
INTERCEPT(int, sigprocmask, (int how, const sigset_t *restrict set, sigset_t *restrict old),
	  in_errno(change_mask(how, set, old)), how, set, old)
