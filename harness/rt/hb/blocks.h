// The blocks of the heap that the program itself allocates.
#ifndef RACEGATE_RT_BLOCKS_H
#define RACEGATE_RT_BLOCKS_H

#include "rt.h"

enum { RT_BLOCK_STACK = 10 };

struct rt_block {
	uintptr_t address;
	size_t size;
	bool freed;
	uint32_t nr_stack; // where it was allocated
	uint64_t stack[RT_BLOCK_STACK];
	struct rt_block *next; // in order of being freed
};

void rt_blocks_begin(void);
/*
 * A new block, allocated at `pc`, in place of the last one at this address. NULL: there is
 * no room, so it has no name in reports, and its use after free is not seen.
 */
struct rt_block *rt_block_add(uintptr_t address, size_t size, uintptr_t pc);
// The block that begins at the address; NULL: none.
struct rt_block *rt_block_find(uintptr_t address);
// The block that holds the address, alive or freed; NULL: none.
const struct rt_block *rt_block_at(uintptr_t address);

#endif
