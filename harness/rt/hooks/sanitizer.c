/*
 * The part of the sanitizers' common interface that programs call themselves, of
 * <sanitizer/common_interface_defs.h>, <sanitizer/allocator_interface.h> and
 * <sanitizer/linux_syscall_hooks.h>. So whatever links with ThreadSanitizer links with us.
 *
 * The hooks around system calls do nothing: what a call waits for or touches is modelled where
 * the call is.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/shadow.h"

#include <malloc.h>
#include <string.h>

// NOLINTBEGIN(bugprone-reserved-identifier): the names are given.
#define X(name)                                                                                    \
	void __sanitizer_syscall_pre_impl_##name(void);                                            \
	RT_EXPORT void __sanitizer_syscall_pre_impl_##name(void)                                   \
	{                                                                                          \
	}                                                                                          \
	void __sanitizer_syscall_post_impl_##name(void);                                           \
	RT_EXPORT void __sanitizer_syscall_post_impl_##name(void)                                  \
	{                                                                                          \
	}
#include "hooks/system_call_hooks.def"
#undef X

#define SAY(returned, name, parameters, body)                                                      \
	returned name parameters;                                                                  \
	RT_EXPORT returned name parameters                                                         \
	{                                                                                          \
		body                                                                               \
	}

/* The heap is the C library's: it tells the size of a block, and nothing of the whole. */

SAY(int, __sanitizer_get_ownership, (const volatile void *block), { return block != NULL; })
SAY(size_t, __sanitizer_get_allocated_size, (const volatile void *block),
    { return malloc_usable_size((void *)block); })
SAY(size_t, __sanitizer_get_estimated_allocated_size, (size_t size), { return size; })
SAY(size_t, __sanitizer_get_current_allocated_bytes, (void), { return 0; })
SAY(size_t, __sanitizer_get_heap_size, (void), { return 0; })
SAY(size_t, __sanitizer_get_free_bytes, (void), { return 0; })
SAY(size_t, __sanitizer_get_unmapped_bytes, (void), { return 0; })
SAY(int, __sanitizer_install_malloc_and_free_hooks,
    (void (*born)(const volatile void *, size_t), void (*freed)(const volatile void *)), {
	    (void)born;
	    (void)freed;
	    return 0;
    })

/* There is no report of ours to direct. */

SAY(void, __sanitizer_set_report_path, (const char *path), { (void)path; })
SAY(void, __sanitizer_set_report_fd, (void *fd), { (void)fd; })
SAY(const char *, __sanitizer_get_report_path, (void), { return ""; })
SAY(void, __sanitizer_set_death_callback, (void (*callback)(void)), { (void)callback; })
SAY(void, __sanitizer_print_stack_trace, (void), {})
SAY(void, __sanitizer_sandbox_on_notify, (void *arguments), { (void)arguments; })
SAY(int, __sanitizer_acquire_crash_state, (void), { return 1; })

// Nothing is known of a place here: the text says so, as much of it as there is room for.
static void unknown_place(char *to, size_t size)
{
	static const char text[] = "??";

	if (!size)
		return;
	memcpy(to, text, size < sizeof(text) ? size : sizeof(text));
	to[size - 1] = '\0';
}

SAY(void, __sanitizer_symbolize_pc, (void *pc, const char *format, char *to, size_t size), {
	(void)pc;
	(void)format;
	unknown_place(to, size);
})
SAY(void, __sanitizer_symbolize_global, (void *data, const char *format, char *to, size_t size), {
	(void)data;
	(void)format;
	unknown_place(to, size);
})
SAY(int, __sanitizer_get_module_and_offset_for_pc,
    (void *pc, char *module, size_t size, void **offset), {
	    (void)pc;
	    (void)module;
	    (void)size;
	    (void)offset;
	    return 0;
    })

// Loads and stores of packed data, which the compiler does not announce.
static void unaligned(const void *address, unsigned size, enum rt_op op, uintptr_t pc)
{
	if (!rt_controlled())
		return;
	rt_point(op, (uintptr_t)address, size, pc);
	if (op == RT_OP_WRITE)
		rt_progress();
	rt_access((uintptr_t)address, size, op, pc);
}

#define UNALIGNED(bits)                                                                            \
	uint##bits##_t __sanitizer_unaligned_load##bits(const void *address);                      \
	RT_EXPORT uint##bits##_t __sanitizer_unaligned_load##bits(const void *address)             \
	{                                                                                          \
		uint##bits##_t value;                                                              \
                                                                                                   \
		unaligned(address, bits / 8, RT_OP_READ, RT_PC());                                 \
		__builtin_memcpy(&value, address, sizeof(value));                                  \
		return value;                                                                      \
	}                                                                                          \
	void __sanitizer_unaligned_store##bits(void *address, uint##bits##_t value);               \
	RT_EXPORT void __sanitizer_unaligned_store##bits(void *address, uint##bits##_t value)      \
	{                                                                                          \
		unaligned(address, bits / 8, RT_OP_WRITE, RT_PC());                                \
		__builtin_memcpy(address, &value, sizeof(value));                                  \
	}

UNALIGNED(16)
UNALIGNED(32)
UNALIGNED(64)
// NOLINTEND(bugprone-reserved-identifier)
