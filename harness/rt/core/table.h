/*
 * A hash table from addresses, or other numbers, to what is known of them. Open
 * addressing; it grows when it is half full. It lasts as long as the iteration.
 */
#ifndef RACEGATE_RT_TABLE_H
#define RACEGATE_RT_TABLE_H

#include "rt.h"

struct rt_slot {
	uintptr_t key;
	void *value; // NULL: the slot is free
};

struct rt_table {
	struct rt_slot *slots;
	unsigned size, used;
};

void rt_table_begin(struct rt_table *table);

/*
 * Makes room for one more, so that pointers to slots are no longer valid. Drops values
 * that are not `alive` when it grows; NULL: all are. False: it has `most` slots
 * (a power of two).
 */
bool rt_table_reserve(struct rt_table *table, unsigned most, bool (*alive)(const void *value));

// The slot of the key, or the free one where it belongs.
static inline struct rt_slot *rt_table_slot(const struct rt_table *table, uintptr_t key)
{
	unsigned i = (unsigned)(key * 0x9e3779b97f4a7c15 >> 32) & (table->size - 1);

	while (RT_UNLIKELY(table->slots[i].key != key) && table->slots[i].value)
		i = (i + 1) & (table->size - 1);
	return &table->slots[i];
}

// Puts a value into the free slot of the key, for which there is room.
static inline void rt_table_put(struct rt_table *table, uintptr_t key, void *value)
{
	*rt_table_slot(table, key) = (struct rt_slot){ key, value };
	table->used++;
}

#endif
