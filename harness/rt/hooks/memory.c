/*
 * What -fsanitize=thread calls before each access to memory, for clang and gcc.
 * Sizes over 16 come from the library functions at the end.
 */
#include "core/real.h"
#include "engine/sched.h"
#include "hb/shadow.h"

// What a thread writes there lets nobody go on who waits, unless it is shown to others.
static inline bool is_on_own_stack(uintptr_t address)
{
	return address > (uintptr_t)__builtin_frame_address(0) && address < rt_self->stack_end;
}

static inline __attribute__((always_inline)) void touch(const void *address, unsigned size,
							enum rt_op op, uintptr_t pc)
{
	if (!rt_controlled())
		return;
	rt_point(op, (uintptr_t)address, size, pc);
	if (op == RT_OP_WRITE) {
		if (!is_on_own_stack((uintptr_t)address))
			rt_progress();
		rt_write((uintptr_t)address, size, pc);
	} else {
		rt_read((uintptr_t)address, size, pc);
	}
}

// NOLINTBEGIN(bugprone-reserved-identifier): the names are the compilers'.
#define HOOK(name, size, op)                                                                       \
	void __tsan_##name(void *address);                                                         \
	RT_HOOK void __tsan_##name(void *address)                                                  \
	{                                                                                          \
		touch(address, size, op, RT_PC());                                                 \
	}

#define HOOK_BOTH(name, size)                                                                      \
	void __tsan_##name(void *address);                                                         \
	RT_HOOK void __tsan_##name(void *address)                                                  \
	{                                                                                          \
		touch(address, size, RT_OP_READ, RT_PC());                                         \
		touch(address, size, RT_OP_WRITE, RT_PC());                                        \
	}

#define HOOKS(size)                                                                                \
	HOOK(read##size, size, RT_OP_READ)                                                         \
	HOOK(write##size, size, RT_OP_WRITE)                                                       \
	HOOK(unaligned_read##size, size, RT_OP_READ)                                               \
	HOOK(unaligned_write##size, size, RT_OP_WRITE)                                             \
	HOOK(volatile_read##size, size, RT_OP_READ)                                                \
	HOOK(volatile_write##size, size, RT_OP_WRITE)                                              \
	HOOK(unaligned_volatile_read##size, size, RT_OP_READ)                                      \
	HOOK(unaligned_volatile_write##size, size, RT_OP_WRITE)                                    \
	HOOK_BOTH(read_write##size, size)                                                          \
	HOOK_BOTH(unaligned_read_write##size, size)

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)

// The place is given instead of taken.
#define HOOK_AT(name, size, op)                                                                    \
	void __tsan_##name##_pc(void *address, void *pc);                                          \
	RT_HOOK void __tsan_##name##_pc(void *address, void *pc)                                   \
	{                                                                                          \
		touch(address, size, op, (uintptr_t)pc);                                           \
	}

#define HOOKS_AT(size)                                                                             \
	HOOK_AT(read##size, size, RT_OP_READ)                                                      \
	HOOK_AT(write##size, size, RT_OP_WRITE)

HOOKS_AT(1)
HOOKS_AT(2)
HOOKS_AT(4)
HOOKS_AT(8)
HOOKS_AT(16)

#define HOOK_RANGE(name, op)                                                                       \
	void __tsan_##name(void *address, unsigned long size);                                     \
	RT_HOOK void __tsan_##name(void *address, unsigned long size)                              \
	{                                                                                          \
		touch(address, (unsigned)size, op, RT_PC());                                       \
	}                                                                                          \
	void __tsan_##name##_pc(void *address, unsigned long size, void *pc);                      \
	RT_HOOK void __tsan_##name##_pc(void *address, unsigned long size, void *pc)               \
	{                                                                                          \
		touch(address, (unsigned)size, op, (uintptr_t)pc);                                 \
	}

HOOK_RANGE(read_range, RT_OP_READ)
HOOK_RANGE(write_range, RT_OP_WRITE)

// The call stack of each thread, as the instrumentation tells it.
void __tsan_func_entry(void *pc);
RT_HOOK void __tsan_func_entry(void *pc)
{
	if (rt_self)
		rt_push_call((uintptr_t)pc, (uintptr_t)__builtin_dwarf_cfa());
}

void __tsan_func_exit(void *pc);
RT_HOOK void __tsan_func_exit(void *pc)
{
	(void)pc;
	if (rt_self)
		rt_pop_call();
}

// Each module that is instrumented calls it as it is loaded.
void __tsan_init(void);
RT_HOOK void __tsan_init(void)
{
	rt_note_module(RT_PC());
}

// C++ objects' hidden pointers; for C programs they are never called.
HOOK(vptr_read, sizeof(void *), RT_OP_READ)

void __tsan_vptr_update(void *address, void *value);
RT_HOOK void __tsan_vptr_update(void *address, void *value)
{
	(void)value;
	touch(address, sizeof(void *), RT_OP_WRITE, RT_PC());
}
// NOLINTEND(bugprone-reserved-identifier)
