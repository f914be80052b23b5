/*
 * pthread_once(), modelled from POSIX. The control word also says that it is done, as the
 * C library writes it, so that what was done before control began is not done again. An
 * init routine that is left by pthread_exit() or by cancellation was never called: the next
 * caller calls it.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "model/model.h"

enum { DONE = 2 };

static void once_leave(struct rt_object *object)
{
	rt_progress();
	object->owner = -1;
	rt_release_only(&object->clock);
	rt_wake_all(RT_ONCE, object->address);
}

// init() does not come back: its thread ends in it.
static void once_undo(void *object)
{
	once_leave(object);
}

// A thread that calls it from within init() waits for itself.
void rt_once(int *control, void (*init)(void), uintptr_t pc)
{
	struct rt_object *object =
		rt_model_step(RT_OP_LOCK, control, RT_ONCE, RT_FOUND_API_MISUSE, pc);

	if (!object)
		return;
	while (object->owner >= 0)
		rt_block(RT_ONCE, object->address, RT_NEVER);
	rt_acquire(object->clock); // also what one that was left has done
	if (*control == DONE)
		return;
	rt_progress();
	object->owner = rt_self->id;
	object->pc = pc;
	pthread_cleanup_push(once_undo, object);
	rt_push_call(pc, (uintptr_t)__builtin_dwarf_cfa());
	init();
	rt_pop_call();
	pthread_cleanup_pop(0);
	rt_point(RT_OP_UNLOCK, (uintptr_t)control, 0, pc);
	*control = DONE;
	once_leave(object);
}

INTERCEPT(int, pthread_once, (pthread_once_t * control, void (*init)(void)),
	  (rt_once(control, init, RT_PC()), 0), control, init)
