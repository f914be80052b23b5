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

static void note_allocation(struct rt_block *block, uintptr_t pc)
{
	uint32_t depth = rt_self->depth < RT_MAX_DEPTH ? rt_self->depth : RT_MAX_DEPTH;

	block->stack[block->nr_stack++] = pc;
	while (depth-- > 0 && block->nr_stack < RT_BLOCK_STACK)
		block->stack[block->nr_stack++] = rt_self->calls[depth];
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
	note_allocation(block, pc);
	return block;
}
