/*
 * pthread_once(), modelled from POSIX. The control word also says that it is done, as the
 * C library writes it, so that what was done before control began is not done again.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "model/model.h"

enum { DONE = 2 };

// A thread that calls it from within init() waits for itself.
void rt_once(int *control, void (*init)(void), uintptr_t pc)
{
	struct rt_object *object =
		rt_model_step(RT_OP_LOCK, control, RT_ONCE, RT_FOUND_API_MISUSE, pc);

	if (!object)
		return;
	while (object->owner >= 0)
		rt_block(RT_ONCE, object->address, RT_NEVER);
	if (*control == DONE) {
		rt_acquire(object->clock);
		return;
	}
	rt_progress();
	object->owner = rt_self->id;
	object->pc = pc;
	init();
	rt_point(RT_OP_UNLOCK, (uintptr_t)control, 0, pc);
	rt_progress();
	*control = DONE;
	object->owner = -1;
	rt_release_only(&object->clock);
	rt_wake_all(RT_ONCE, object->address);
}

INTERCEPT(int, pthread_once, (pthread_once_t * control, void (*init)(void)),
	  (rt_once(control, init, RT_PC()), 0), control, init)
