// How an iteration ends: exit, faults, and the end of the last thread.
#include "rt.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { FAULT_STACK = 64 << 10 };

static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP };

static uintptr_t pc_of(const ucontext_t *context)
{
#if defined(__x86_64__)
	return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#else
	return (uintptr_t)context->uc_mcontext.pc;
#endif
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	static struct rt_site site;

	if (!rt_controlled()) {
		signal(number, SIG_DFL); // it happens again, with its usual end
		return;
	}
	rt_site_here(&site, RT_OP_CALL, number == SIGABRT ? 0 : (uintptr_t)info->si_addr, 0,
		     rt_in_program(pc_of(context)) ? pc_of(context) : 0);
	rt_report(RT_FOUND_CRASH, &site, 1);
	rt_end(RT_END_SIGNAL, number);
}

void rt_catch_faults(void)
{
	static char stack[FAULT_STACK];
	const stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_sigaction = on_fault,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	sigaltstack(&alternative, NULL);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		sigaction(faults[i], &action, NULL);
}

static void report_leaks(void)
{
	static struct rt_site site;

	for (unsigned i = 1; i < rt_world.nr_threads; i++) {
		const struct rt_thread *thread = &rt_world.threads[i];

		if (thread->state != RT_ENDED || thread->joined || thread->detached)
			continue;
		site = (struct rt_site){ .thread = thread->id,
					 .op = RT_OP_CREATE,
					 .step = thread->created_step,
					 .nr_stack = 1,
					 .stack = { thread->created_pc },
					 .holder = -1 };
		rt_report(RT_FOUND_THREAD_LEAK, &site, 1);
	}
}

// The program's exit handlers run, and its streams are flushed, outside of our control.
static _Noreturn void leave(int code)
{
	report_leaks();
	rt_note_end(RT_END_EXIT, code & 0377);
	RT_REAL(exit)(code);
	__builtin_unreachable();
}

RT_EXPORT void exit(int code)
{
	if (!rt_controlled()) {
		RT_REAL(exit)(code);
		__builtin_unreachable();
	}
	rt_point(RT_OP_END, 0, 0, RT_PC());
	leave(code);
}

RT_EXPORT void _exit(int code)
{
	if (rt_controlled())
		rt_note_end(RT_END_EXIT, code & 0377);
	RT_REAL(_exit)(code);
	__builtin_unreachable();
}

RT_EXPORT void _Exit(int code)
{
	_exit(code);
}

void rt_last_thread_exits(void)
{
	for (unsigned i = 0; i < rt_world.nr_threads; i++)
		if (&rt_world.threads[i] != rt_self && rt_world.threads[i].state != RT_ENDED)
			return;
	leave(0);
}
