// Mutexes and their kin, known by their addresses; what threads hold.
#include "rt.h"

enum { TABLE = 1 << 14 };

static struct rt_object *table[TABLE];
static unsigned used;

static unsigned slot_of(uintptr_t address)
{
	return (unsigned)(address * 0x9e3779b97f4a7c15 >> 50) & (TABLE - 1);
}

struct rt_object *rt_object_find(uintptr_t address)
{
	for (unsigned i = slot_of(address); table[i]; i = (i + 1) & (TABLE - 1))
		if (table[i]->address == address)
			return table[i]->type ? table[i] : NULL;
	return NULL;
}

void rt_object_each(enum rt_object_type type, void (*visit)(struct rt_object *object))
{
	for (unsigned i = 0; used && i < TABLE; i++)
		if (table[i] && table[i]->type == type)
			visit(table[i]);
}

static struct rt_object *fresh(struct rt_object *object, uintptr_t address,
			       enum rt_object_type type)
{
	*object = (struct rt_object){ .address = address, .type = (uint8_t)type, .owner = -1 };
	return object;
}

struct rt_object *rt_object(uintptr_t address, enum rt_object_type type)
{
	unsigned i = slot_of(address);

	for (; table[i]; i = (i + 1) & (TABLE - 1))
		if (table[i]->address == address) {
			if (!table[i]->type)
				return fresh(table[i], address, type);
			return table[i]->type == type ? table[i] : NULL;
		}
	if (++used > TABLE / 2)
		rt_end_limit("room for synchronisation objects");
	table[i] = rt_alloc(sizeof(*table[i]));
	return fresh(table[i], address, type);
}

// It keeps its place in the table, as one of no type.
void rt_object_forget(uintptr_t address)
{
	struct rt_object *object = rt_object_find(address);

	if (object)
		object->type = RT_NO_OBJECT;
}

void rt_object_forget_range(uintptr_t address, size_t size)
{
	for (unsigned i = 0; used && i < TABLE; i++)
		if (table[i] && table[i]->address - address < size)
			table[i]->type = RT_NO_OBJECT;
}

void rt_hold(struct rt_object *object, uintptr_t pc)
{
	if (rt_self->nr_held == RT_MAX_HELD)
		rt_end_limit("room for the locks that one thread holds");
	rt_self->held[rt_self->nr_held++] =
		(struct rt_held){ object, pc, rt_world.step, rt_self->own_steps };
	object->pc = pc;
}

uint64_t rt_looked_since(const struct rt_object *object)
{
	for (uint32_t i = 0; object && i < rt_self->nr_held; i++)
		if (rt_self->held[i].object == object)
			return rt_self->own_steps > rt_self->held[i].own_step + 1
				       ? rt_self->held[i].step
				       : 0;
	return rt_world.step;
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
