// How an iteration ends: exit, faults, and the end of the last thread.
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "outside/outside.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <ucontext.h>
#include <unistd.h>

enum { FAULT_STACK = 64 << 10 };

static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP };

static RT_ITERATION_STATE bool reported; // what ends the program is a finding already

static uintptr_t pc_of(const ucontext_t *context)
{
#if defined(__x86_64__)
	return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#else
	return (uintptr_t)context->uc_mcontext.pc;
#endif
}

// Where a call that led nowhere came from.
static uintptr_t caller_of(const ucontext_t *context)
{
#if defined(__x86_64__)
	return *(const uintptr_t *)context->uc_mcontext.gregs[REG_RSP];
#else
	return (uintptr_t)context->uc_mcontext.regs[30];
#endif
}

// As a return address: after the instruction. In a library, or in us: the call that led there.
static uintptr_t fault_place(const siginfo_t *info, const ucontext_t *context)
{
	uintptr_t pc = pc_of(context);

	if (rt_in_program(pc))
		return pc + 1;
	if (info->si_signo == SIGSEGV && (uintptr_t)info->si_addr == pc &&
	    rt_in_program(caller_of(context)))
		return caller_of(context);
	return rt_in_program(rt_self->pending.pc) ? rt_self->pending.pc : 0;
}

static void report_end(enum rt_finding_kind kind, int signal_number, uintptr_t address,
		       uintptr_t pc)
{
	static RT_COLD_STATE struct rt_site site;
	struct rt_result *result = &rt_shared->result;
	uint32_t nr = result->nr_findings;

	rt_site_here(&site, RT_OP_CALL, address, 0, pc);
	rt_report(kind, &site, 1);
	if (result->nr_findings > nr)
		result->findings[nr].code = (uint32_t)signal_number;
	reported = true;
}

/*
 * Faults of the program come here on a stack of their own, whichever thread runs.
 * Its exit handlers are out of control but ours; a process that it forked is not.
 */
static void on_fault(int number, siginfo_t *info, void *context)
{
	if (!rt_self || reported) {
		signal(number, SIG_DFL); // it happens again, with its usual end
		return;
	}
	report_end(RT_FOUND_CRASH, number, number == SIGABRT ? 0 : (uintptr_t)info->si_addr,
		   fault_place(info, context));
	rt_end(RT_END_SIGNAL, number);
}

// The signal is the write's own: nothing else is interrupted.
static void on_large_file(int number)
{
	if (rt_self)
		rt_end_limit("room in a file: 64 MiB"); // NOLINT(bugprone-signal-handler)
	signal(number, SIG_DFL);
	raise(number);
}

// Endless recursion in main() is to end soon, as it does in a thread.
static void limit_stack(void)
{
	enum { STACK = 8 << 20 };
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur <= STACK)
		return;
	limit.rlim_cur = STACK;
	setrlimit(RLIMIT_STACK, &limit);
}

void rt_catch_faults(void)
{
	static RT_PROCESS_STATE char stack[FAULT_STACK];
	const stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_sigaction = on_fault,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	limit_stack();
	sigaltstack(&alternative, NULL);
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		sigaction(faults[i], &action, NULL);
	signal(SIGXFSZ, on_large_file);
}

// A failed assertion prints its message and aborts, as usual.
static void report_assertion(uintptr_t pc)
{
	if (!rt_controlled())
		return;
	report_end(RT_FOUND_ASSERTION, SIGABRT, 0, pc);
	rt_note_end(RT_END_SIGNAL, SIGABRT);
}

RT_EXPORT void __assert_fail(const char *assertion, const char *file, unsigned line,
			     const char *function)
{
	report_assertion(RT_PC());
	RT_REAL(__assert_fail)(assertion, file, line, function);
	__builtin_unreachable();
}

RT_EXPORT void __assert_perror_fail(int error, const char *file, unsigned line,
				    const char *function)
{
	report_assertion(RT_PC());
	RT_REAL(__assert_perror_fail)(error, file, line, function);
	__builtin_unreachable();
}
