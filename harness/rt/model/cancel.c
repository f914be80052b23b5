/*
 * Cancellation, modelled from POSIX: pthread_cancel() and XSH 2.9.5. It is deferred: a
 * cancelled thread ends at its next cancellation point that is modelled (a wait for a
 * condition variable, a semaphore or a thread, a sleep, pthread_testcancel()), after its
 * cleanup handlers. Asynchronous cancellation is named and treated as deferred.
 *
 * In C without -fexceptions pthread_cleanup_push() is a jump buffer that is registered
 * here, so nothing has to be unwound. With -fexceptions it is an attribute of a variable
 * that only an unwinder sees: those handlers do not run.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "model/model.h"

#include <errno.h>
#include <setjmp.h>
#include <string.h>

// What the __pad of a registered buffer holds.
enum { PREVIOUS, DEPTH, TYPE };

// A registered buffer begins like a jump buffer that saved no signals.
static _Noreturn void unwind_on(void)
{
	static RT_ITERATION_STATE sigjmp_buf place;
	__pthread_unwind_buf_t *innermost = rt_self->cleanups;

	if (innermost) {
		rt_self->cleanups = innermost->__pad[PREVIOUS];
		rt_self->depth = (uint32_t)(uintptr_t)innermost->__pad[DEPTH];
		memcpy(place, innermost->__cancel_jmp_buf, sizeof(innermost->__cancel_jmp_buf));
		siglongjmp(place, 1);
	}
	rt_thread_finish(rt_self->result);
}

_Noreturn void rt_unwind(void *result, uintptr_t pc)
{
	rt_self->cancel_disabled = true;
	rt_self->cancelled = false;
	rt_self->result = result;
	rt_self->pending.pc = pc;
	unwind_on();
}

void rt_cancel_point(uintptr_t pc)
{
	if (rt_self->cancel_requested && !rt_self->cancel_disabled)
		rt_unwind(PTHREAD_CANCELED, pc);
}

bool rt_block_cancellable(enum rt_object_type type, uintptr_t object, int64_t deadline)
{
	bool in_time;

	rt_self->cancellable = !rt_self->cancel_disabled;
	in_time = rt_block(type, object, deadline);
	rt_self->cancellable = false;
	return in_time;
}

void rt_cancel_wait(uintptr_t pc)
{
	if (rt_self->cancelled)
		rt_unwind(PTHREAD_CANCELED, pc);
}

static int thread_cancel(pthread_t handle, uintptr_t pc)
{
	struct rt_thread *thread;

	rt_point(RT_OP_CALL, 0, 0, pc);
	thread = rt_thread_of(handle);
	if (!thread || thread->joined) {
		rt_report_here(RT_FOUND_API_MISUSE, (uintptr_t)handle, pc);
		return ESRCH;
	}
	thread->cancel_requested = true;
	rt_mark(RT_MARK_CANCELLED, thread->id);
	rt_progress();
	if (thread->state == RT_BLOCKED && thread->cancellable) {
		thread->cancelled = true;
		rt_wake(thread);
	}
	return 0;
}

static void cancel_test(uintptr_t pc)
{
	rt_point(RT_OP_CALL, 0, 0, pc);
	rt_cancel_point(pc);
}

static int cancel_set_state(int state, int *old)
{
	if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	if (old)
		*old = rt_self->cancel_disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
	rt_self->cancel_disabled = state == PTHREAD_CANCEL_DISABLE;
	return 0;
}

static int change_type(int type, uintptr_t pc)
{
	int old = rt_self->cancel_type;

	if (type == PTHREAD_CANCEL_ASYNCHRONOUS)
		rt_report_uncontrolled("asynchronous cancellation", pc);
	rt_self->cancel_type = (uint8_t)type;
	return old;
}

static int cancel_set_type(int type, int *old, uintptr_t pc)
{
	int before;

	if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	before = change_type(type, pc);
	if (old)
		*old = before;
	return 0;
}

INTERCEPT(int, pthread_cancel, (pthread_t handle), thread_cancel(handle, RT_PC()), handle)
INTERCEPT(void, pthread_testcancel, (void), cancel_test(RT_PC()))
INTERCEPT(int, pthread_setcancelstate, (int state, int *old), cancel_set_state(state, old), state,
	  old)
INTERCEPT(int, pthread_setcanceltype, (int type, int *old), cancel_set_type(type, old, RT_PC()),
	  type, old)

static void cleanup_push(__pthread_unwind_buf_t *buffer)
{
	buffer->__pad[PREVIOUS] = rt_self->cleanups;
	buffer->__pad[DEPTH] = (void *)(uintptr_t)rt_self->depth;
	rt_self->cleanups = buffer;
}

static void cleanup_pop(const __pthread_unwind_buf_t *buffer)
{
	rt_self->cleanups = buffer->__pad[PREVIOUS];
}

// NOLINTBEGIN(bugprone-reserved-identifier): what glibc's pthread_cleanup_push() calls.

static void cleanup_push_deferred(__pthread_unwind_buf_t *buffer, uintptr_t pc)
{
	cleanup_push(buffer);
	buffer->__pad[TYPE] = (void *)(uintptr_t)change_type(PTHREAD_CANCEL_DEFERRED, pc);
}

static void cleanup_pop_restored(__pthread_unwind_buf_t *buffer, uintptr_t pc)
{
	cleanup_pop(buffer);
	change_type((int)(uintptr_t)buffer->__pad[TYPE], pc);
}

INTERCEPT(void, __pthread_register_cancel, (__pthread_unwind_buf_t * buffer), cleanup_push(buffer),
	  buffer)
INTERCEPT(void, __pthread_unregister_cancel, (__pthread_unwind_buf_t * buffer), cleanup_pop(buffer),
	  buffer)
INTERCEPT(void, __pthread_register_cancel_defer, (__pthread_unwind_buf_t * buffer),
	  cleanup_push_deferred(buffer, RT_PC()), buffer)
INTERCEPT(void, __pthread_unregister_cancel_restore, (__pthread_unwind_buf_t * buffer),
	  cleanup_pop_restored(buffer, RT_PC()), buffer)

RT_EXPORT void __pthread_unwind_next(__pthread_unwind_buf_t *buffer)
{
	if (rt_controlled())
		unwind_on();
	RT_REAL(__pthread_unwind_next)(buffer);
	__builtin_unreachable();
}
// NOLINTEND(bugprone-reserved-identifier)
