/*
 * The heap. Iterations are forks of one process with one kernel thread, so the
 * C library's allocator gives the same addresses for the same schedule. Memory
 * that is freed stays untouched for a while, so that its uses are detected.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "hb/blocks.h"
#include "hb/report.h"
#include "hb/shadow.h"
#include "hooks/hooks.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t nr, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

enum { QUARANTINE = 64 << 20, MARKED = 64 << 10 };

static RT_ITERATION_STATE struct rt_block *oldest, *newest; // in the quarantine
static RT_ITERATION_STATE size_t quarantined;

/*
 * Only what the program itself allocates is followed; what a library does with
 * its own memory is its business.
 */
void *rt_born(void *memory, size_t size, uintptr_t pc)
{
	if (memory && rt_controlled() && rt_in_program(pc) &&
	    rt_block_add((uintptr_t)memory, size ? size : 1, pc))
		rt_shadow_clear((uintptr_t)memory, size);
	return memory;
}

static void release_oldest(void)
{
	struct rt_block *block = oldest;

	oldest = block->next;
	quarantined -= block->size;
	rt_shadow_clear(block->address, block->size < MARKED ? block->size : MARKED);
	__libc_free((void *)block->address);
}

static void report_double_free(struct rt_block *block, uintptr_t pc)
{
	rt_report_here(RT_FOUND_DOUBLE_FREE, block->address, pc);
}

static void block_bury(struct rt_block *block, uintptr_t pc)
{
	size_t marked = block->size < MARKED ? block->size : MARKED;

	rt_point(RT_OP_FREE, block->address, 0, pc);
	if (block->freed) {
		report_double_free(block, pc);
		return;
	}
	rt_access(block->address, (unsigned)marked, RT_OP_WRITE, pc);
	rt_object_forget_range(block->address, block->size);
	block->freed = true;
	rt_shadow_free(block->address, marked);
	block->next = NULL;
	if (oldest)
		newest->next = block;
	else
		oldest = block;
	newest = block;
	quarantined += block->size;
	while (quarantined > QUARANTINE && oldest != block)
		release_oldest();
}

static void heap_free(void *memory, uintptr_t pc)
{
	struct rt_block *block = memory && rt_controlled() && rt_in_program(pc)
					 ? rt_block_find((uintptr_t)memory)
					 : NULL;

	if (block)
		block_bury(block, pc);
	else
		__libc_free(memory);
}

static void *heap_realloc(void *old, size_t size, uintptr_t pc)
{
	struct rt_block *block = old && rt_controlled() ? rt_block_find((uintptr_t)old) : NULL;
	void *memory;

	if (!block || !rt_in_program(pc))
		return rt_born(__libc_realloc(old, size), size, pc);
	memory = rt_born(__libc_malloc(size), size, pc);
	if (!memory)
		return NULL;
	rt_access(block->address, (unsigned)(block->size < MARKED ? block->size : MARKED),
		  RT_OP_READ, pc);
	memcpy(memory, old, size < block->size ? size : block->size);
	block_bury(block, pc);
	return memory;
}

static int heap_aligned(void **memory, size_t alignment, size_t size, uintptr_t pc)
{
	if (alignment < sizeof(void *) || alignment & (alignment - 1))
		return EINVAL;
	*memory = rt_born(__libc_memalign(alignment, size), size, pc);
	return *memory ? 0 : ENOMEM;
}

REPLACE(void *, malloc, (size_t size), rt_born(__libc_malloc(size), size, RT_PC()))
REPLACE(void *, calloc, (size_t nr, size_t size),
	rt_born(__libc_calloc(nr, size), nr *size, RT_PC()))
REPLACE(void, free, (void *memory), heap_free(memory, RT_PC()))
REPLACE(void *, realloc, (void *old, size_t size), heap_realloc(old, size, RT_PC()))
REPLACE(void *, memalign, (size_t alignment, size_t size),
	rt_born(__libc_memalign(alignment, size), size, RT_PC()))
REPLACE(void *, aligned_alloc, (size_t alignment, size_t size),
	rt_born(__libc_memalign(alignment, size), size, RT_PC()))
REPLACE(int, posix_memalign, (void **memory, size_t alignment, size_t size),
	heap_aligned(memory, alignment, size, RT_PC()))
