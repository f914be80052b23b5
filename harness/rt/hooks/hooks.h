// What the compiler's hooks know of the heap and of the program's annotations.
#ifndef RACEGATE_RT_HOOKS_H
#define RACEGATE_RT_HOOKS_H

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

void rt_heap_begin(void);
// Memory that the C library has made for the program at `pc`; NULL stays NULL.
void *rt_born(void *memory, size_t size, uintptr_t pc);
// The block that holds the address, alive or freed; NULL: none.
const struct rt_block *rt_block_at(uintptr_t address);

// The program says that races on this address do not matter.
bool rt_is_benign(uintptr_t address);

#endif
