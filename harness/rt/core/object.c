// Synchronisation objects, known by their addresses; what threads hold.
#include "core/object.h"
#include "core/table.h"

#include <string.h>

// What is forgotten keeps its slot, as an object of no type, until the table grows.
enum { MAX_SIZE = 1 << 22 };

static RT_ITERATION_STATE struct rt_table objects;

void rt_object_begin(void)
{
	rt_table_begin(&objects);
}

struct rt_object *rt_object_find(uintptr_t address)
{
	struct rt_object *object = objects.used ? rt_table_slot(&objects, address)->value : NULL;

	return object && object->type ? object : NULL;
}

void rt_object_each(enum rt_object_type type, void (*visit)(struct rt_object *object))
{
	for (unsigned i = 0; i < objects.size; i++) {
		struct rt_object *object = objects.slots[i].value;

		if (object && object->type == type)
			visit(object);
	}
}

static bool has_type(const void *object)
{
	return ((const struct rt_object *)object)->type;
}

static struct rt_object *fresh(struct rt_object *object, uintptr_t address,
			       enum rt_object_type type)
{
	*object = (struct rt_object){ .address = address, .type = (uint8_t)type, .owner = -1 };
	return object;
}

struct rt_object *rt_object(uintptr_t address, enum rt_object_type type)
{
	struct rt_object *object;

	if (!rt_table_reserve(&objects, MAX_SIZE, has_type))
		rt_end_limit("room for synchronisation objects");
	object = rt_table_slot(&objects, address)->value;
	if (object && object->type)
		return object->type == type ? object : NULL;
	if (!object) {
		object = rt_alloc(sizeof(*object));
		rt_table_put(&objects, address, object);
	}
	return fresh(object, address, type);
}

void rt_object_forget(uintptr_t address)
{
	struct rt_object *object = rt_object_find(address);

	if (object)
		object->type = RT_NO_OBJECT;
}

void rt_object_forget_range(uintptr_t address, size_t bytes)
{
	if (!objects.used)
		return;
	if (bytes < objects.size) {
		for (size_t i = 0; i < bytes; i++)
			rt_object_forget(address + i);
		return;
	}
	for (unsigned i = 0; i < objects.size; i++) {
		struct rt_object *object = objects.slots[i].value;

		if (object && object->address - address < bytes)
			object->type = RT_NO_OBJECT;
	}
}

void rt_hold(struct rt_object *object, uintptr_t pc)
{
	if (rt_self->nr_held == RT_MAX_HELD)
		rt_end_limit("room for the locks that one thread holds");
	if (rt_self->nr_held == RT_FIRST_HELD && rt_self->held == rt_self->first_held)
		rt_self->held = memcpy(rt_alloc(RT_MAX_HELD * sizeof(*rt_self->held)),
				       rt_self->first_held, sizeof(rt_self->first_held));
	rt_self->held[rt_self->nr_held++] =
		(struct rt_held){ object, pc, rt_iteration.step, rt_self->own_steps };
	object->pc = pc;
}

uint64_t rt_looked_since(const struct rt_object *object)
{
	for (uint32_t i = 0; object && i < rt_self->nr_held; i++)
		if (rt_self->held[i].object == object)
			return rt_self->own_steps > rt_self->held[i].own_step + 1
				       ? rt_self->held[i].step
				       : 0;
	return rt_iteration.step;
}

void rt_let_go(struct rt_thread *thread, struct rt_object *object)
{
	for (uint32_t i = thread->nr_held; i-- > 0;)
		if (thread->held[i].object == object) {
			for (; i + 1 < thread->nr_held; i++)
				thread->held[i] = thread->held[i + 1];
			thread->nr_held--;
			return;
		}
}
