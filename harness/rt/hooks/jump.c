/*
 * Jumps out of functions. The compiler's hooks are not notified: the calls that are
 * left are those whose frames lie below where the jump leads.
 */
#include "core/arch.h"
#include "core/iteration.h"
#include "core/real.h"
#include "outside/signals.h"

#include <setjmp.h>

static void leave_calls(const struct __jmp_buf_tag *place)
{
	const uintptr_t target = rt_jump_target(place->__jmpbuf);
	const uint32_t known = rt_self->depth < RT_MAX_DEPTH ? rt_self->depth : RT_MAX_DEPTH;
	uint32_t depth = known;

	while (depth && rt_self->frames[depth - 1] < target)
		depth--;
	if (depth < known)
		rt_self->depth = depth;
}

#define JUMPS(name)                                                                                \
	RT_EXPORT void name(struct __jmp_buf_tag place[1], int value)                              \
	{                                                                                          \
		if (rt_self) {                                                                     \
			leave_calls(place);                                                        \
			rt_signals_jump(rt_jump_target(place->__jmpbuf), place->__mask_was_saved,  \
					&place->__saved_mask);                                     \
		}                                                                                  \
		RT_REAL(name)(place, value);                                                       \
		__builtin_unreachable();                                                           \
	}

// NOLINTBEGIN(bugprone-reserved-identifier): what <setjmp.h> makes of longjmp() by some flags.
_Noreturn void __longjmp_chk(struct __jmp_buf_tag place[1], int value);
JUMPS(longjmp)
JUMPS(_longjmp)
JUMPS(siglongjmp)
JUMPS(__longjmp_chk)
// NOLINTEND(bugprone-reserved-identifier)
