/*
 * Waiting for signals, modelled from POSIX: sigwait(), sigtimedwait(), sigsuspend(), pause();
 * and from signalfd(2). None is restarted. A signal descriptor is an event counter of the
 * kernel's, which is there as long as something is pending that it is for: so it can be
 * polled and closed like any other.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "engine/timespec.h"
#include "model/model.h"
#include "outside/outside.h"
#include "outside/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

static bool awaited_pending(void *arg)
{
	const uint64_t *set = arg;

	return rt_signal_pending(*set);
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

// -1 and errno: EAGAIN when time is up, EINTR.
static int take_signal(const sigset_t *set, siginfo_t *info, int64_t deadline, uintptr_t pc)
{
	uint64_t wanted = rt_signal_bits(set);
	siginfo_t taken;
	int error;

	rt_point(RT_OP_WAIT, 0, 0, pc);
	rt_cancel_point(pc);
	rt_signals_begin();
	rt_signals_block_in_kernel(wanted);
	rt_signals_pull(false);
	rt_signal_await(wanted);
	error = rt_wait_outside(RT_SIGNAL, 0, awaited_pending, &wanted, deadline,
				RT_NEVER_RESTARTED);
	rt_signal_await(0);
	rt_progress();
	if (error) {
		errno = error == ETIMEDOUT ? EAGAIN : error;
		return -1;
	}
	rt_signal_take(wanted, &taken);
	if (info)
		*info = taken;
	return taken.si_signo;
}

// A handler does not end this one.
static int wait_for_signal(const sigset_t *set, int *number, uintptr_t pc)
{
	int taken;

	do
		taken = take_signal(set, NULL, RT_NEVER, pc);
	while (taken < 0 && errno == EINTR);
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

static int wait_for_handler(const sigset_t *mask, uintptr_t pc)
{
	uint64_t before;

	rt_point(RT_OP_WAIT, 0, 0, pc);
	rt_cancel_point(pc);
	before = rt_mask_enter(mask);
	rt_wait_outside(RT_SIGNAL, 0, never, NULL, RT_NEVER, RT_NEVER_RESTARTED);
	rt_mask_leave(before);
	errno = EINTR;
	return -1;
}

INTERCEPT_OWN(int, pause, (void), wait_for_handler(NULL, RT_PC()))
INTERCEPT_OWN(int, sigsuspend, (const sigset_t *mask), wait_for_handler(mask, RT_PC()), mask)

static int show_pending(sigset_t *set)
{
	uint64_t pending = 0;

	rt_signals_pull(false);
	for (int number = 1; number < NSIG; number++)
		if (rt_signal_pending(RT_SIGNAL_BIT(number)))
			pending |= RT_SIGNAL_BIT(number);
	rt_signal_set(pending, set);
	return 0;
}

INTERCEPT_OWN(int, sigpending, (sigset_t * set), show_pending(set), set)

/* Descriptors */

enum { MAX_SIGNALFDS = 16 };

static RT_COLD_STATE struct signalfd {
	int fd;
	uint64_t set;
} signalfds[MAX_SIGNALFDS];
static RT_ITERATION_STATE unsigned nr_signalfds;

static struct signalfd *signalfd_of(int fd)
{
	for (unsigned i = 0; i < nr_signalfds; i++)
		if (signalfds[i].fd == fd)
			return &signalfds[i];
	return NULL;
}

bool rt_is_signalfd(int fd)
{
	return signalfd_of(fd) != NULL;
}

void rt_signalfd_closed(int fd)
{
	struct signalfd *entry = signalfd_of(fd);

	if (entry)
		*entry = signalfds[--nr_signalfds];
}

static void show_on(const struct signalfd *entry)
{
	struct pollfd pollfd = { .fd = entry->fd, .events = POLLIN };
	const bool shown = RT_REAL(poll)(&pollfd, 1, 0) > 0;
	uint64_t word = 1;
	ssize_t done = 0;

	if (shown && !rt_signal_pending_anywhere(entry->set))
		done = RT_REAL(read)(entry->fd, &word, sizeof(word));
	else if (!shown && rt_signal_pending_anywhere(entry->set))
		done = RT_REAL(write)(entry->fd, &word, sizeof(word));
	(void)done; // it was closed without our notice
}

static void signalfds_changed(void)
{
	const int error = errno;

	for (unsigned i = 0; i < nr_signalfds; i++)
		show_on(&signalfds[i]);
	if (nr_signalfds)
		rt_outside_changed();
	errno = error;
}

ssize_t rt_signalfd_read(int fd, void *to, size_t size)
{
	const struct signalfd *entry = signalfd_of(fd);
	struct signalfd_siginfo shown;
	siginfo_t info;
	size_t done = 0;

	while (size - done >= sizeof(shown) && rt_signal_take(entry->set, &info)) {
		shown = (struct signalfd_siginfo){
			.ssi_signo = (uint32_t)info.si_signo,
			.ssi_code = info.si_code,
			.ssi_pid = (uint32_t)info.si_pid,
			.ssi_uid = info.si_uid,
			.ssi_int = info.si_int,
			.ssi_ptr = (uint64_t)(uintptr_t)info.si_ptr,
		};
		memcpy((char *)to + done, &shown, sizeof(shown));
		done += sizeof(shown);
	}
	if (done)
		return (ssize_t)done;
	errno = size < sizeof(shown) ? EINVAL : EAGAIN;
	return -1;
}

static int make_signalfd(int fd, const sigset_t *mask, int flags, uintptr_t pc)
{
	struct signalfd *entry = signalfd_of(fd);

	rt_point(RT_OP_CALL, 0, 0, pc);
	rt_signals_begin();
	rt_signals_block_in_kernel(rt_signal_bits(mask));
	if (!entry) {
		if (fd >= 0 || nr_signalfds == MAX_SIGNALFDS) {
			errno = fd >= 0 ? EINVAL : ENFILE;
			return -1;
		}
		fd = eventfd(0, (flags & SFD_CLOEXEC ? EFD_CLOEXEC : 0) |
					(flags & SFD_NONBLOCK ? EFD_NONBLOCK : 0));
		if (fd < 0)
			return -1;
		entry = &signalfds[nr_signalfds++];
		entry->fd = fd;
	}
	entry->set = rt_signal_bits(mask);
	rt_signals_pull(false);
	rt_signals_watch(signalfds_changed);
	signalfds_changed();
	return fd;
}

INTERCEPT_OWN(int, signalfd, (int fd, const sigset_t *mask, int flags),
	      make_signalfd(fd, mask, flags, RT_PC()), fd, mask, flags)
