/*
 * What signals do, modelled from POSIX: sigaction(), signal(). The kernel keeps the actions,
 * and those of the runtime are not shown.
 */
#include "outside/signal_actions.h"
#include "core/intercept.h"
#include "outside/signal_kernel.h"

#include <signal.h>

// Which have handlers of the runtime, unless the program sets its own.
#define RUNTIMES (RT_FAULTS | RT_SIGNAL_BIT(SIGALRM))

static RT_ITERATION_STATE uint64_t set_by_program; // under control

enum rt_disposition rt_signal_disposition(int number, struct sigaction *action)
{
	const uint64_t ignored = RT_SIGNAL_BIT(SIGCHLD) | RT_SIGNAL_BIT(SIGURG) |
				 RT_SIGNAL_BIT(SIGWINCH) | RT_SIGNAL_BIT(SIGCONT),
		       stopping = RT_SIGNAL_BIT(SIGSTOP) | RT_SIGNAL_BIT(SIGTSTP) |
				  RT_SIGNAL_BIT(SIGTTIN) | RT_SIGNAL_BIT(SIGTTOU);

	RT_REAL(sigaction)(number, NULL, action);
	if (action->sa_handler == SIG_IGN)
		return RT_IGNORED;
	if (action->sa_handler != SIG_DFL && !(RT_SIGNAL_BIT(number) & RUNTIMES & ~set_by_program))
		return RT_HANDLED;
	return RT_SIGNAL_BIT(number) & ignored    ? RT_IGNORED
	       : RT_SIGNAL_BIT(number) & stopping ? RT_STOPPING
						  : RT_FATAL;
}

static int change_action(int number, const struct sigaction *action, struct sigaction *old)
{
	struct sigaction before;

	rt_signals_begin();
	if (RT_REAL(sigaction)(number, action, &before))
		return -1;
	if (RT_SIGNAL_BIT(number) & RUNTIMES & ~set_by_program)
		before = (struct sigaction){ .sa_handler = SIG_DFL };
	if (action) {
		set_by_program |= RT_SIGNAL_BIT(number);
		if (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN)
			rt_signals_block_in_kernel(RT_SIGNAL_BIT(number));
	}
	if (old)
		*old = before;
	return 0;
}

static sighandler_t change_handler(int number, sighandler_t handler)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;

	if (number > 0 && number < NSIG)
		sigaddset(&action.sa_mask, number);
	return change_action(number, &action, &old) ? SIG_ERR : old.sa_handler;
}

INTERCEPT(int, sigaction,
	  (int number, const struct sigaction *restrict action, struct sigaction *restrict old),
	  change_action(number, action, old), number, action, old)
INTERCEPT(sighandler_t, signal, (int number, sighandler_t handler), change_handler(number, handler),
	  number, handler)
