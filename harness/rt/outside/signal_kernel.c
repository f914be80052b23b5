/*
 * The kernel's part of signals. It knows one thread and one mask: what has a handler, or is
 * blocked by some thread, is blocked there, and comes only when it is asked for.
 */
#include "outside/signal_kernel.h"
#include "core/intercept.h"

#include <string.h>

static RT_ITERATION_STATE bool begun;
static RT_ITERATION_STATE uint64_t in_kernel; // blocked there

bool rt_signals_begun(void)
{
	return begun;
}

uint64_t rt_signals_in_kernel(void)
{
	return in_kernel;
}

uint64_t rt_signal_bits(const sigset_t *set)
{
	uint64_t bits;

	memcpy(&bits, set, sizeof(bits));
	return bits;
}

void rt_signal_set(uint64_t bits, sigset_t *set)
{
	sigemptyset(set);
	memcpy(set, &bits, sizeof(bits));
}

void rt_signals_begin(void)
{
	sigset_t set = { { 0 } };

	if (begun)
		return;
	begun = true;
	RT_REAL(sigprocmask)(SIG_BLOCK, NULL, &set);
	if (rt_signal_bits(&set))
		for (unsigned i = 0; i < rt_iteration.nr_threads; i++)
			rt_iteration.threads[i].signal_mask = rt_signal_bits(&set);
}

void rt_signals_block_in_kernel(uint64_t bits)
{
	sigset_t set;

	bits &= ~(RT_FAULTS | RT_UNBLOCKABLE | in_kernel);
	if (!bits)
		return;
	in_kernel |= bits;
	rt_signal_set(bits, &set);
	RT_REAL(sigprocmask)(SIG_BLOCK, &set, NULL);
}

void rt_signals_lend(void)
{
	sigset_t set;

	if (!in_kernel)
		return;
	rt_signal_set(rt_self->signal_mask, &set);
	RT_REAL(sigprocmask)(SIG_SETMASK, &set, NULL);
}

void rt_signals_return(void)
{
	const uint64_t bits = in_kernel;

	in_kernel = 0;
	rt_signals_block_in_kernel(bits);
}
