// The blocks of the heap: what reports name, and what is freed.
#include "hb/blocks.h"
#include "core/iteration.h"
#include "core/table.h"

enum { LAST_TABLE = 1 << 16 };

static RT_ITERATION_STATE struct rt_table blocks;

void rt_blocks_begin(void)
{
	rt_table_begin(&blocks);
}

struct rt_block *rt_block_find(uintptr_t address)
{
	return rt_table_slot(&blocks, address)->value;
}

const struct rt_block *rt_block_at(uintptr_t address)
{
	for (unsigned i = 0; blocks.used && i < blocks.size; i++) {
		const struct rt_block *block = blocks.slots[i].value;

		if (block && address - block->address < block->size)
			return block;
	}
	return NULL;
}

void rt_block_note(struct rt_block_site *site, uintptr_t pc)
{
	uint32_t depth = rt_self->depth < RT_MAX_DEPTH ? rt_self->depth : RT_MAX_DEPTH;

	site->step = rt_iteration.step;
	site->thread = rt_self->id;
	site->nr_stack = 0;
	site->stack[site->nr_stack++] = pc;
	while (depth-- > 0 && site->nr_stack < RT_BLOCK_STACK)
		site->stack[site->nr_stack++] = rt_self->calls[depth];
}

struct rt_block *rt_block_add(uintptr_t address, size_t size, uintptr_t pc)
{
	struct rt_block *block = rt_block_find(address);

	if (!block) {
		if (!rt_table_reserve(&blocks, LAST_TABLE, NULL))
			return NULL;
		block = rt_alloc(sizeof(*block));
		rt_table_put(&blocks, address, block);
	}
	*block = (struct rt_block){ .address = address, .size = size };
	rt_block_note(&block->allocated, pc);
	return block;
}
