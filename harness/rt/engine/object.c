// Synchronisation objects, known by their addresses; what threads hold and wait for.
#include "engine/object.h"
#include "engine/sched.h"

#include <string.h>

/*
 * Open addressing; twice as large when it is half full. What is forgotten keeps its
 * place, as one of no type, until then.
 */
enum { FIRST_SIZE = 1 << 6, MAX_SIZE = 1 << 22 };

static RT_ITERATION_STATE struct rt_object **table;
static RT_ITERATION_STATE unsigned size, used;

static unsigned slot_of(uintptr_t address)
{
	return (unsigned)(address * 0x9e3779b97f4a7c15 >> 40) & (size - 1);
}

// Where it is, or where it would be put.
static struct rt_object **place_of(uintptr_t address)
{
	unsigned i = slot_of(address);

	while (table[i] && table[i]->address != address)
		i = (i + 1) & (size - 1);
	return &table[i];
}

struct rt_object *rt_object_find(uintptr_t address)
{
	struct rt_object *object = size ? *place_of(address) : NULL;

	return object && object->type ? object : NULL;
}

void rt_object_each(enum rt_object_type type, void (*visit)(struct rt_object *object))
{
	for (unsigned i = 0; i < size; i++)
		if (table[i] && table[i]->type == type)
			visit(table[i]);
}

static void grow(void)
{
	struct rt_object **old = table;
	unsigned old_size = size, alive = 0;

	for (unsigned i = 0; i < old_size; i++)
		alive += old[i] && old[i]->type;
	if (alive >= old_size / 4)
		size = size ? size * 2 : FIRST_SIZE;
	if (size > MAX_SIZE)
		rt_end_limit("room for synchronisation objects");
	table = rt_alloc(size * sizeof(struct rt_object *));
	used = alive;
	for (unsigned i = 0; i < old_size; i++)
		if (old[i] && old[i]->type)
			*place_of(old[i]->address) = old[i];
}

static struct rt_object *fresh(struct rt_object *object, uintptr_t address,
			       enum rt_object_type type)
{
	*object = (struct rt_object){ .address = address, .type = (uint8_t)type, .owner = -1 };
	return object;
}

struct rt_object *rt_object(uintptr_t address, enum rt_object_type type)
{
	struct rt_object **place;

	if (used >= size / 2)
		grow();
	place = place_of(address);
	if (*place) {
		if (!(*place)->type)
			return fresh(*place, address, type);
		return (*place)->type == type ? *place : NULL;
	}
	used++;
	*place = rt_alloc(sizeof(**place));
	return fresh(*place, address, type);
}

void rt_object_forget(uintptr_t address)
{
	struct rt_object *object = rt_object_find(address);

	if (object)
		object->type = RT_NO_OBJECT;
}

void rt_object_forget_range(uintptr_t address, size_t bytes)
{
	if (!used)
		return;
	if (bytes < size) {
		for (size_t i = 0; i < bytes; i++)
			rt_object_forget(address + i);
		return;
	}
	for (unsigned i = 0; i < size; i++)
		if (table[i] && table[i]->address - address < bytes)
			table[i]->type = RT_NO_OBJECT;
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

unsigned rt_waiters(enum rt_object_type type, uintptr_t object, struct rt_thread **out,
		    unsigned max)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		struct rt_thread *thread = &rt_iteration.threads[i];

		if (thread->state != RT_BLOCKED || thread->wait_type != type ||
		    thread->wait_object != object)
			continue;
		if (nr < max)
			out[nr] = thread;
		nr++;
	}
	return nr;
}

unsigned rt_wake_all(enum rt_object_type type, uintptr_t object)
{
	struct rt_thread *waiters[RT_MAX_THREADS];
	unsigned nr = rt_waiters(type, object, waiters, RT_MAX_THREADS);

	for (unsigned i = 0; i < nr; i++)
		rt_wake(waiters[i]);
	return nr;
}
