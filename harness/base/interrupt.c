#include "base/interrupt.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <time.h>

static void interrupt_set(sigset_t *set)
{
	struct sigaction hangup = { .sa_handler = SIG_DFL };

	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaction(SIGHUP, NULL, &hangup);
	if (hangup.sa_handler != SIG_IGN)
		sigaddset(set, SIGHUP);
}

void interrupt_hold(sigset_t *old)
{
	sigset_t set;

	interrupt_set(&set);
	sigprocmask(SIG_BLOCK, &set, old);
}

void interrupt_unhold(sigset_t *mask)
{
	sigset_t set;

	interrupt_set(&set);
	for (int i = 1; i < SIGRTMIN; i++)
		if (sigismember(&set, i) == 1)
			sigdelset(mask, i);
}

void interrupt_release(const sigset_t *old)
{
	sigprocmask(SIG_SETMASK, old, NULL);
}

int interrupt_fd(void)
{
	sigset_t set;

	interrupt_set(&set);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int interrupt_pending(void)
{
	sigset_t set, pending;

	interrupt_set(&set);
	if (sigpending(&pending))
		return 0;
	for (int number = 1; number < SIGRTMIN; number++)
		if (sigismember(&set, number) == 1 && sigismember(&pending, number) == 1)
			return number;
	return 0;
}

int interrupt_take(void)
{
	const struct timespec now = { 0 };
	sigset_t set;
	int number;

	interrupt_set(&set);
	number = sigtimedwait(&set, NULL, &now);
	if (number <= 0)
		return 0;
	for (int i = 1; i < SIGRTMIN; i++)
		if (sigismember(&set, i) == 1)
			signal(i, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return number;
}
