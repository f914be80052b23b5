/*
 * The part of ThreadSanitizer's interface that programs call themselves: to announce
 * locks and happens-before edges of their own, and to ignore intended races. Names and
 * meanings are those of <sanitizer/tsan_interface.h> and tsan_interface_java.h.
 * Queries about a report find none.
 */
#include "core/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "hb/shadow.h"

static struct rt_object *sync_at(const void *address)
{
	struct rt_object *object = rt_object_find((uintptr_t)address);

	return object ? object : rt_object((uintptr_t)address, RT_MUTEX);
}

static void acquire(const void *address, uintptr_t pc)
{
	const struct rt_object *object;

	if (!rt_controlled())
		return;
	rt_point(RT_OP_LOCK, (uintptr_t)address, 0, pc);
	object = rt_object_find((uintptr_t)address);
	if (object)
		rt_acquire(object->clock);
}

static void release(const void *address, uintptr_t pc)
{
	if (!rt_controlled())
		return;
	rt_point(RT_OP_UNLOCK, (uintptr_t)address, 0, pc);
	rt_progress();
	rt_release(&sync_at(address)->clock);
}

static void ignore(int by)
{
	if (rt_controlled() && (by > 0 || rt_self->ignoring))
		rt_self->ignoring += (uint32_t)by;
}

static void forget(uintptr_t address, size_t size)
{
	if (!rt_controlled())
		return;
	rt_shadow_clear(address, size);
	rt_object_forget_range(address, size);
}

// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): these names are given.
#define SAY(returned, name, parameters, body)                                                      \
	returned name parameters;                                                                  \
	RT_HOOK returned name parameters                                                           \
	{                                                                                          \
		body                                                                               \
	}

SAY(void, __tsan_acquire, (void *address), { acquire(address, RT_PC()); })
SAY(void, __tsan_release, (void *address), { release(address, RT_PC()); })
SAY(void, __tsan_ignore_thread_begin, (void), { ignore(1); })
SAY(void, __tsan_ignore_thread_end, (void), { ignore(-1); })
SAY(void, __tsan_flush_memory, (void), {})

/*
 * A lock that the program implements itself. Accesses between "pre" and "post" are its
 * implementation and are ignored. Ownership and ordering are tracked.
 */
enum { READ_LOCK = 1 << 3, TRY_FAILED = 1 << 5 };

static void own_lock_taken(void *address, unsigned flags, uintptr_t pc)
{
	struct rt_object *object = sync_at(address);

	rt_progress();
	rt_acquire(object->clock);
	if (flags & READ_LOCK)
		return;
	rt_acquire(object->readers);
	object->owner = rt_self->id;
	if (!object->count++)
		rt_hold(object, pc);
}

static void own_lock_released(void *address, unsigned flags)
{
	struct rt_object *object = sync_at(address);

	rt_progress();
	if (flags & READ_LOCK) {
		rt_release(&object->readers);
		return;
	}
	rt_release(&object->clock);
	if (!object->count || --object->count)
		return;
	object->owner = -1;
	rt_let_go(rt_self, object);
}

SAY(void, __tsan_mutex_create, (void *address, unsigned flags), {
	(void)address;
	(void)flags;
})

SAY(void, __tsan_mutex_destroy, (void *address, unsigned flags), {
	struct rt_object *object = rt_controlled() ? rt_object_find((uintptr_t)address) : NULL;

	(void)flags;
	if (object && object->type == RT_MUTEX && object->count)
		rt_report_rule(RT_FOUND_DESTROY_LOCKED, RT_RULE_DESTROYED_HELD, (uintptr_t)address,
			       RT_PC());
	if (object)
		rt_object_forget((uintptr_t)address);
})

SAY(void, __tsan_mutex_pre_lock, (void *address, unsigned flags), {
	(void)address;
	(void)flags;
	ignore(1);
})

SAY(void, __tsan_mutex_post_lock, (void *address, unsigned flags, int recursion), {
	(void)recursion;
	ignore(-1);
	if (rt_controlled() && !(flags & TRY_FAILED))
		own_lock_taken(address, flags, RT_PC());
})

SAY(int, __tsan_mutex_pre_unlock, (void *address, unsigned flags), {
	if (rt_controlled()) {
		rt_point(RT_OP_UNLOCK, (uintptr_t)address, 0, RT_PC());
		own_lock_released(address, flags);
	}
	ignore(1);
	return 0;
})

#define BRACKET(name, by)                                                                          \
	SAY(void, __tsan_mutex_##name, (void *address, unsigned flags), {                          \
		(void)address;                                                                     \
		(void)flags;                                                                       \
		ignore(by);                                                                        \
	})

BRACKET(post_unlock, -1)
BRACKET(pre_signal, 1)
BRACKET(post_signal, -1)
BRACKET(pre_divert, -1)
BRACKET(post_divert, 1)

// Objects of other languages and libraries: an access to one counts as an access to its first byte.
SAY(void *, __tsan_external_register_tag, (const char *name), {
	(void)name;
	return (void *)1;
})
SAY(void, __tsan_external_register_header, (void *tag, const char *header), {
	(void)tag;
	(void)header;
})
SAY(void, __tsan_external_assign_tag, (void *address, void *tag), {
	(void)address;
	(void)tag;
})

void __tsan_read1_pc(void *address, void *pc);
void __tsan_write1_pc(void *address, void *pc);

SAY(void, __tsan_external_read, (void *address, void *pc, void *tag), {
	(void)tag;
	__tsan_read1_pc(address, pc);
})
SAY(void, __tsan_external_write, (void *address, void *pc, void *tag), {
	(void)tag;
	__tsan_write1_pc(address, pc);
})

typedef unsigned long jptr;

SAY(void, __tsan_java_init, (jptr begin, jptr size), { forget(begin, size); })
SAY(int, __tsan_java_fini, (void), { return 0; })
SAY(void, __tsan_java_alloc, (jptr address, jptr size), { forget(address, size); })
SAY(void, __tsan_java_free, (jptr address, jptr size), { forget(address, size); })
SAY(void, __tsan_java_move, (jptr from, jptr to, jptr size), {
	forget(from, size);
	forget(to, size);
})
SAY(jptr, __tsan_java_find, (const jptr *from, jptr to), {
	(void)from;
	(void)to;
	return 0;
})
SAY(void, __tsan_java_finalize, (void), {})
SAY(void, __tsan_java_acquire, (jptr address), { acquire((void *)address, RT_PC()); })
SAY(void, __tsan_java_release, (jptr address), { release((void *)address, RT_PC()); })
SAY(void, __tsan_java_release_store, (jptr address), { release((void *)address, RT_PC()); })

#define JAVA_LOCK(name, taken, flags)                                                              \
	SAY(void, __tsan_java_mutex_##name, (jptr address), {                                      \
		if (!rt_controlled())                                                              \
			return;                                                                    \
		rt_point(taken ? RT_OP_LOCK : RT_OP_UNLOCK, address, 0, RT_PC());                  \
		if (taken)                                                                         \
			own_lock_taken((void *)address, flags, RT_PC());                           \
		else                                                                               \
			own_lock_released((void *)address, flags);                                 \
	})

JAVA_LOCK(lock, true, 0)
JAVA_LOCK(unlock, false, 0)
JAVA_LOCK(read_lock, true, READ_LOCK)
JAVA_LOCK(read_unlock, false, READ_LOCK)

SAY(void, __tsan_java_mutex_lock_rec, (jptr address, int times), {
	if (!rt_controlled())
		return;
	rt_point(RT_OP_LOCK, address, 0, RT_PC());
	while (times-- > 0)
		own_lock_taken((void *)address, 0, RT_PC());
})

SAY(int, __tsan_java_mutex_unlock_rec, (jptr address), {
	int times = 0;

	if (!rt_controlled())
		return 0;
	rt_point(RT_OP_UNLOCK, address, 0, RT_PC());
	for (times = (int)sync_at((void *)address)->count; sync_at((void *)address)->count;)
		own_lock_released((void *)address, 0);
	return times;
})

// LLVM's own tests line up their threads with this barrier. It creates no happens-before.
SAY(void, __tsan_testonly_barrier_init, (unsigned long long *barrier, unsigned count),
    { *barrier = (unsigned long long)count << 32; })

SAY(void, __tsan_testonly_barrier_wait, (unsigned long long *barrier), {
	unsigned arrived;

	if (!rt_controlled())
		return;
	rt_point(RT_OP_WAIT, (uintptr_t)barrier, 0, RT_PC());
	rt_progress();
	arrived = (unsigned)++*barrier;
	while ((unsigned)*barrier / (*barrier >> 32) == (arrived - 1) / (*barrier >> 32))
		rt_block(RT_BARRIER, (uintptr_t)barrier, RT_NEVER);
	rt_wake_all(RT_BARRIER, (uintptr_t)barrier);
})
SAY(unsigned, __tsan_testonly_shadow_stack_current_size, (void),
    { return rt_self ? rt_self->depth : 0; })

/*
 * Queries about a report. They make sense only in __tsan_on_report(), which is never
 * called here, so they return 0 whatever the arguments are.
 */
#define ASK(name) SAY(long, __tsan_##name, (void), { return 0; })

ASK(get_current_report)
ASK(get_report_data)
ASK(get_report_tag)
ASK(get_report_stack)
ASK(get_report_mop)
ASK(get_report_loc)
ASK(get_report_loc_object_type)
ASK(get_report_mutex)
ASK(get_report_thread)
ASK(get_report_unique_tid)
ASK(get_alloc_stack)
ASK(locate_address)
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
