// What the families share: a step on an object, its beginning and its end.
#include "core/object.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "model/model.h"

#include <errno.h>

struct rt_object *rt_model_step(enum rt_op op, const volatile void *address,
				enum rt_object_type type, enum rt_finding_kind misuse, uintptr_t pc)
{
	struct rt_object *object;

	if (type != RT_SEMAPHORE) // sem_post() is safe
		rt_unsafe_call((uintptr_t)address, pc);
	rt_point(op, (uintptr_t)address, 0, pc);
	object = rt_object((uintptr_t)address, type);
	if (object && !object->destroyed)
		return object;
	rt_report_rule(misuse, object ? RT_RULE_GONE : RT_RULE_OTHER_TYPE, (uintptr_t)address, pc);
	return NULL;
}

// Whether threads hold it or wait for it, which is reported.
static bool in_use(const struct rt_object *object, enum rt_finding_kind misuse,
		   enum rt_rule when_held, enum rt_rule when_awaited, uintptr_t pc)
{
	bool awaited = rt_waiters(object->type, object->address, NULL, 0) > 0;

	if (object->owner < 0 && !object->count && !awaited)
		return false;
	rt_report_rule(misuse, awaited ? when_awaited : when_held, object->address, pc);
	return true;
}

void rt_model_init(const volatile void *address, enum rt_object_type type,
		   enum rt_finding_kind misuse, uintptr_t pc)
{
	const struct rt_object *object;

	rt_point(RT_OP_CALL, (uintptr_t)address, 0, pc);
	object = rt_object_find((uintptr_t)address);
	if (object && object->type == type)
		in_use(object, misuse, RT_RULE_MADE_HELD, RT_RULE_MADE_AWAITED, pc);
	rt_object_forget((uintptr_t)address);
}

int rt_model_destroy(struct rt_object *object, enum rt_finding_kind misuse, uintptr_t pc)
{
	if (!object)
		return EINVAL;
	if (in_use(object, misuse, RT_RULE_DESTROYED_HELD, RT_RULE_DESTROYED_AWAITED, pc))
		return EBUSY;
	object->destroyed = true;
	return 0;
}
