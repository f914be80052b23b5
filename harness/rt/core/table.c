// Hash tables: how they grow.
#include "core/table.h"
#include "core/iteration.h"

enum { FIRST_SIZE = 1 << 5 };

void rt_table_begin(struct rt_table *table)
{
	table->size = FIRST_SIZE;
	table->slots = rt_alloc(FIRST_SIZE * sizeof(*table->slots));
}

bool rt_table_reserve(struct rt_table *table, unsigned most, bool (*alive)(const void *value))
{
	struct rt_table old = *table;
	unsigned nr = 0;

	if (table->used < table->size / 2)
		return true;
	if (!alive && old.size == most)
		return false;
	for (unsigned i = 0; i < old.size; i++)
		nr += old.slots[i].value && (!alive || alive(old.slots[i].value));
	if (nr >= old.size / 4) {
		if (old.size == most)
			return false;
		table->size = old.size * 4 < most ? old.size * 4 : most;
	}
	table->slots = rt_alloc(table->size * sizeof(*table->slots));
	table->used = 0;
	for (unsigned i = 0; i < old.size; i++)
		if (old.slots[i].value && (!alive || alive(old.slots[i].value)))
			rt_table_put(table, old.slots[i].key, old.slots[i].value);
	return true;
}
