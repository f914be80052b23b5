/*
 * Whether threads that only re-read what does not change can ever do anything else.
 *
 * When every thread that could run has had its turn and nothing has changed, the state of each is
 * what is on its stack and in its registers. Once all of them are in a state in which they were
 * before, and the memory is still the same, they go round forever: no schedule leads out. The
 * states are compared with one of an earlier round that is replaced at growing distances
 * (R. P. Brent, An improved Monte Carlo factorization algorithm, BIT 20, 1980).
 */
#include "engine/spinning.h"
#include "core/iteration.h"
#include "core/real.h"

#include <dlfcn.h>
#include <unwind.h>

static RT_ITERATION_STATE uint64_t reference; // the states of the round `since`
static RT_ITERATION_STATE uint32_t since;

/*
 * How the compiler's library walks up a stack. It is not linked: for a program without it that
 * would change how threads are cancelled (model/cancel.c). Nor is it loaded before it is needed:
 * each fork would cost more.
 */
static RT_ITERATION_STATE struct {
	__typeof(_Unwind_Backtrace) *walk;
	__typeof(_Unwind_GetIP) *pc;
	__typeof(_Unwind_GetCFA) *sp;
	__typeof(_Unwind_GetGR) *reg;
	bool looked;
} unwinder;

static void find_unwinder(void)
{
	void *library = dlopen("libgcc_s.so.1", RTLD_NOW | RTLD_LOCAL);

	unwinder.looked = true;
	if (!library)
		return;
	unwinder.pc = (__typeof(_Unwind_GetIP) *)dlsym(library, "_Unwind_GetIP");
	unwinder.sp = (__typeof(_Unwind_GetCFA) *)dlsym(library, "_Unwind_GetCFA");
	unwinder.reg = (__typeof(_Unwind_GetGR) *)dlsym(library, "_Unwind_GetGR");
	if (unwinder.pc && unwinder.sp && unwinder.reg)
		unwinder.walk = (__typeof(_Unwind_Backtrace) *)dlsym(library, "_Unwind_Backtrace");
}

// The registers that a called function must preserve, by their numbers in DWARF.
#if defined(__x86_64__)
static const int kept[] = { 3, 6, 12, 13, 14, 15 };
#else
static const int kept[] = { 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 };
#endif

struct program_state {
	uint64_t hash;
	uintptr_t sp;
};

// Frames of the runtime hold what does not matter; the program's begin behind them.
static _Unwind_Reason_Code take_state(struct _Unwind_Context *context, void *arg)
{
	struct program_state *state = arg;

	if (!rt_in_program(unwinder.pc(context)))
		return _URC_NO_REASON;
	state->sp = unwinder.sp(context);
	state->hash = rt_mix(unwinder.pc(context));
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		state->hash = rt_mix(state->hash ^ unwinder.reg(context, kept[i]));
	return _URC_END_OF_STACK;
}

// 0: it is on another stack, or uses very much of it.
static uint64_t own_state(void)
{
	enum { MOST = 64 << 10 };
	const uintptr_t end = rt_self->stack_end;
	struct program_state state = { 0 };

	rt_iteration.controlled = false; // the library's own locks are no steps of the program
	if (!unwinder.looked)
		find_unwinder();
	if (unwinder.walk)
		unwinder.walk(take_state, &state);
	rt_iteration.controlled = true;
	if (!state.sp || state.sp >= end || end - state.sp > MOST)
		return 0;
	for (uintptr_t at = state.sp & ~(uintptr_t)7; at < end; at += 8)
		state.hash = rt_mix(state.hash ^ *(const uint64_t *)at);
	return state.hash ? state.hash : 1;
}

void rt_spinning_note(void)
{
	rt_self->state_seen = rt_iteration.no_progress ? own_state() : 0;
}

// Of all that could run; 0: unknown.
static uint64_t all_states(void)
{
	uint64_t all = 1;

	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		const struct rt_thread *thread = &rt_iteration.threads[i];

		if (!thread->deprioritised)
			continue;
		if (!thread->state_seen)
			return 0;
		all = rt_mix(all ^ rt_mix(thread->state_seen + thread->id));
	}
	return all ? all : 1;
}

bool rt_spins_forever(void)
{
	const uint32_t round = rt_iteration.no_progress++;
	const uint64_t state = all_states();

	if (!round)
		reference = since = 0;
	if (state && state == reference)
		return true;
	if (round >= 2 * since) {
		reference = state;
		since = round ? round : 1;
	}
	return false;
}
