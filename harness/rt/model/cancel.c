/*
 * Cancellation, modelled from POSIX: pthread_cancel() and XSH 2.9.5. Deferred, a cancelled
 * thread ends at its next cancellation point, before or while it waits there, after its
 * cleanup handlers; asynchronous, before its next step, wherever that is.
 *
 * In C without -fexceptions pthread_cleanup_push() is a jump buffer that is registered
 * here. With -fexceptions it is an attribute of a variable that only an unwinder sees: the
 * compiler's is used then, which programs without such code do not have, and it stops at
 * each registered buffer, as in glibc.
 */
#include "core/arch.h"
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "model/model.h"

#include <dlfcn.h>
#include <errno.h>
#include <setjmp.h>
#include <string.h>
#include <unwind.h>

// What the __pad of a registered buffer holds.
enum { PREVIOUS, DEPTH, TYPE };

// A registered buffer begins like a jump buffer that saved no signals.
static _Noreturn void unwind_to_innermost(void)
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

// The unwinder, if there is code that needs one.
typedef __typeof(_Unwind_ForcedUnwind) force_unwind;
typedef __typeof(_Unwind_GetCFA) frame_address;
#pragma weak _Unwind_ForcedUnwind
#pragma weak _Unwind_GetCFA

struct unwinder {
	force_unwind *force;
	frame_address *frame;
};

static struct unwinder find_unwinder(void)
{
	struct unwinder found = { _Unwind_ForcedUnwind, _Unwind_GetCFA };

	if (!found.force || !found.frame) {
		found.force = (force_unwind *)dlsym(RTLD_DEFAULT, "_Unwind_ForcedUnwind");
		found.frame = (frame_address *)dlsym(RTLD_DEFAULT, "_Unwind_GetCFA");
	}
	return found;
}

// Before each frame is left: is it the one of the innermost buffer, or the last?
static _Unwind_Reason_Code stop_at(int version, _Unwind_Action actions,
				   _Unwind_Exception_Class class,
				   struct _Unwind_Exception *exception,
				   struct _Unwind_Context *context, void *frame)
{
	const __pthread_unwind_buf_t *innermost = rt_self->cleanups;

	(void)version;
	(void)class;
	(void)exception;
	if (actions & _UA_END_OF_STACK ||
	    (innermost &&
	     ((frame_address *)frame)(context) >= rt_jump_target(innermost->__cancel_jmp_buf)))
		unwind_to_innermost();
	return _URC_NO_REASON;
}

static _Noreturn void unwind_on(void)
{
	static RT_COLD_STATE struct _Unwind_Exception exceptions[RT_MAX_THREADS];
	const struct unwinder unwinder = find_unwinder();

	if (unwinder.force && unwinder.frame)
		unwinder.force(&exceptions[rt_self->id], stop_at, (void *)unwinder.frame);
	unwind_to_innermost(); // nothing but buffers, or a frame that nobody describes
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

bool rt_suspend_cancellable(enum rt_object_type type, uintptr_t object, int64_t deadline)
{
	bool in_time;

	rt_self->cancellable = !rt_self->cancel_disabled;
	in_time = rt_suspend(type, object, deadline);
	rt_self->cancellable = false;
	return in_time;
}

void rt_cancel_wait(uintptr_t pc)
{
	if (rt_self->cancelled)
		rt_unwind(PTHREAD_CANCELED, pc);
}

uint32_t rt_interruptions(enum rt_ends by)
{
	return by == RT_RESTARTED ? rt_self->ending_waits : rt_self->handled;
}

int rt_wait(enum rt_object_type type, uintptr_t object, int64_t deadline, enum rt_ends by)
{
	const uint32_t before = rt_interruptions(by);
	bool in_time = rt_suspend_cancellable(type, object, deadline);

	rt_cancel_wait(rt_self->pending.pc);
	if (!in_time)
		return ETIMEDOUT;
	if (rt_self->attention)
		rt_attend();
	return rt_interruptions(by) == before ? 0 : EINTR;
}

// A wait that was ended has something to do first: to lock a mutex again.
bool rt_cancels_now(void)
{
	return rt_self->cancel_requested && !rt_self->cancel_disabled && !rt_self->cancelled &&
	       rt_self->cancel_type == PTHREAD_CANCEL_ASYNCHRONOUS;
}

static void cancel_now(uintptr_t pc)
{
	if (rt_cancels_now())
		rt_unwind(PTHREAD_CANCELED, pc);
}

static int thread_cancel(pthread_t handle, uintptr_t pc)
{
	struct rt_thread *thread;

	rt_point(RT_OP_CALL, 0, 0, pc);
	thread = rt_thread_of(handle);
	if (!thread || thread->joined) {
		rt_report_rule(RT_FOUND_API_MISUSE, thread ? RT_RULE_JOINED : RT_RULE_NO_THREAD,
			       (uintptr_t)handle, pc);
		return ESRCH;
	}
	thread->cancel_requested = true;
	rt_mark(RT_MARK_CANCELLED, thread->id);
	rt_progress();
	if (thread->state == RT_BLOCKED && thread->cancellable) {
		thread->cancelled = true;
		rt_wake(thread);
	} else if (thread == rt_self) {
		cancel_now(pc);
	} else if (thread->cancel_type == PTHREAD_CANCEL_ASYNCHRONOUS && !thread->cancel_disabled) {
		thread->attention = true;
		rt_wake(thread);
	}
	return 0;
}

static void cancel_test(uintptr_t pc)
{
	rt_point(RT_OP_CALL, 0, 0, pc);
	rt_cancel_point(pc);
}

static int cancel_set_state(int state, int *old, uintptr_t pc)
{
	if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	if (old)
		*old = rt_self->cancel_disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
	rt_self->cancel_disabled = state == PTHREAD_CANCEL_DISABLE;
	cancel_now(pc);
	return 0;
}

static int change_type(int type, uintptr_t pc)
{
	int old = rt_self->cancel_type;

	rt_self->cancel_type = (uint8_t)type;
	cancel_now(pc);
	return old;
}

static int cancel_set_type(int type, int *old, uintptr_t pc)
{
	if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	if (old)
		*old = rt_self->cancel_type;
	change_type(type, pc);
	return 0;
}

INTERCEPT(int, pthread_cancel, (pthread_t handle), thread_cancel(handle, RT_PC()), handle)
INTERCEPT(void, pthread_testcancel, (void), cancel_test(RT_PC()))
INTERCEPT(int, pthread_setcancelstate, (int state, int *old), cancel_set_state(state, old, RT_PC()),
	  state, old)
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
