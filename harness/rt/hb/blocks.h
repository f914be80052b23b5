// The blocks of the heap that the program itself allocates.
#ifndef RACEGATE_RT_BLOCKS_H
#define RACEGATE_RT_BLOCKS_H

#include "rt.h"

enum { RT_BLOCK_STACK = 10 };

// Where a block was allocated or freed; step 0: it was not.
struct rt_block_site {
	uint64_t step;
	uint32_t nr_stack;
	uint16_t thread;
	uintptr_t stack[RT_BLOCK_STACK];
};

struct rt_block {
	uintptr_t address;
	size_t size;
	struct rt_block_site allocated, freed;
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
// The running thread, at `pc`.
void rt_block_note(struct rt_block_site *site, uintptr_t pc);

#endif
