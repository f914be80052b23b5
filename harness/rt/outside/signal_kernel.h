// Signals as the kernel has them. Sets are words, of which bit n - 1 is signal n.
#ifndef RACEGATE_RT_SIGNAL_KERNEL_H
#define RACEGATE_RT_SIGNAL_KERNEL_H

#include "core/iteration.h"

#include <signal.h>

#define RT_SIGNAL_BIT(number) (UINT64_C(1) << ((number)-1))
#define RT_FAULTS                                                                                  \
	(RT_SIGNAL_BIT(SIGSEGV) | RT_SIGNAL_BIT(SIGBUS) | RT_SIGNAL_BIT(SIGFPE) |                  \
	 RT_SIGNAL_BIT(SIGILL) | RT_SIGNAL_BIT(SIGABRT) | RT_SIGNAL_BIT(SIGTRAP) |                 \
	 RT_SIGNAL_BIT(SIGXFSZ))
#define RT_UNBLOCKABLE (RT_SIGNAL_BIT(SIGKILL) | RT_SIGNAL_BIT(SIGSTOP))

uint64_t rt_signal_bits(const sigset_t *set);
void rt_signal_set(uint64_t bits, sigset_t *set);

// The program uses signals: the masks are known from here on.
void rt_signals_begin(void);
// They come from the kernel only when we take them.
void rt_signals_block_in_kernel(uint64_t bits);
bool rt_signals_begun(void);
uint64_t rt_signals_in_kernel(void); // those that are blocked there
// The kernel is to know the running thread's mask, for another process or after control;
// no longer.
void rt_signals_lend(void);
void rt_signals_return(void);

#endif
