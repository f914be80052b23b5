/*
 * C11 atomics, and fences. Values are sequentially consistent: the operation is
 * done here, between two scheduling points. What an operation orders is what its
 * memory order says: a relaxed publication is a race, although it always works.
 *
 * An atomic variable releases to a clock of its own, as a lock does. A relaxed
 * store releases what the last release fence released; a relaxed load is
 * acquired by the next acquire fence (C11 7.17.4).
 */
#include "core/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/shadow.h"

#include <stdatomic.h>

typedef unsigned char a8;
typedef unsigned short a16;
typedef unsigned int a32;
typedef unsigned long long a64;
typedef unsigned __int128 a128;

static bool acquires(int order)
{
	return order == memory_order_acquire || order == memory_order_consume ||
	       order == memory_order_acq_rel || order == memory_order_seq_cst;
}

static bool releases(int order)
{
	return order == memory_order_release || order == memory_order_acq_rel ||
	       order == memory_order_seq_cst;
}

static void loaded(uintptr_t address, int order)
{
	const struct rt_object *object = rt_object_find(address);

	if (!object || !object->clock)
		return;
	if (acquires(order))
		rt_acquire(object->clock);
	else
		rt_fence_pending(object->clock);
}

// A store breaks the release sequence before it; a read-modify-write continues it.
static void stored(uintptr_t address, int order, bool rmw)
{
	bool fenced = rt_fence_released();
	struct rt_object *object =
		releases(order) || fenced ? rt_object(address, RT_ATOMIC) : rt_object_find(address);

	// Of another type: a lock that the program has announced itself (tsan.c).
	if (!object || object->type != RT_ATOMIC)
		return;
	if (releases(order)) {
		if (rmw)
			rt_release(&object->clock);
		else
			rt_release_only(&object->clock);
	} else {
		rt_release_fenced(&object->clock, !rmw);
	}
}

static void begin_read(const volatile void *at, unsigned size, uintptr_t pc)
{
	rt_point(RT_OP_ATOMIC_READ, (uintptr_t)at, size, pc);
	rt_access((uintptr_t)at, size, RT_OP_ATOMIC_READ, pc);
}

static void begin_write(const volatile void *at, unsigned size, uintptr_t pc)
{
	rt_point(RT_OP_ATOMIC_WRITE, (uintptr_t)at, size, pc);
	rt_access((uintptr_t)at, size, RT_OP_ATOMIC_WRITE, pc);
}

// NOLINTBEGIN(bugprone-reserved-identifier): the names are the compilers'.
#define RMW(bits, name, expression)                                                                \
	a##bits __tsan_atomic##bits##_##name(volatile a##bits *at, a##bits value, int order);      \
	RT_HOOK a##bits __tsan_atomic##bits##_##name(volatile a##bits *at, a##bits value,          \
						     int order)                                    \
	{                                                                                          \
		bool ours = rt_controlled();                                                       \
		a##bits old, new;                                                                  \
                                                                                                   \
		if (ours)                                                                          \
			begin_write(at, sizeof(*at), RT_PC());                                     \
		do {                                                                               \
			old = *at;                                                                 \
			new = (a##bits)(expression);                                               \
		} while (!__sync_bool_compare_and_swap(at, old, new));                             \
		if (ours) {                                                                        \
			loaded((uintptr_t)at, order);                                              \
			stored((uintptr_t)at, order, true);                                        \
			if (new != old)                                                            \
				rt_progress();                                                     \
		}                                                                                  \
		return old;                                                                        \
	}

#define CAS_FROM(bits)                                                                             \
	static int cas##bits##_from(volatile a##bits *at, a##bits *expected, a##bits value,        \
				    int order, int failure, uintptr_t pc)                          \
	{                                                                                          \
		bool ours = rt_controlled(), done;                                                 \
		a##bits old;                                                                       \
                                                                                                   \
		if (ours)                                                                          \
			begin_write(at, sizeof(*at), pc);                                          \
		old = __sync_val_compare_and_swap(at, *expected, value);                           \
		done = old == *expected;                                                           \
		*expected = old;                                                                   \
		if (ours) {                                                                        \
			loaded((uintptr_t)at, done ? order : failure);                             \
			if (done)                                                                  \
				stored((uintptr_t)at, order, true);                                \
			if (done && old != value)                                                  \
				rt_progress();                                                     \
		}                                                                                  \
		return done;                                                                       \
	}

#define CAS(bits, name)                                                                            \
	int __tsan_atomic##bits##_compare_exchange_##name(volatile a##bits *at, a##bits *expected, \
							  a##bits value, int order, int failure);  \
	RT_HOOK int __tsan_atomic##bits##_compare_exchange_##name(                                 \
		volatile a##bits *at, a##bits *expected, a##bits value, int order, int failure)    \
	{                                                                                          \
		return cas##bits##_from(at, expected, value, order, failure, RT_PC());             \
	}

#define ATOMICS(bits)                                                                              \
	a##bits __tsan_atomic##bits##_load(const volatile a##bits *at, int order);                 \
	RT_HOOK a##bits __tsan_atomic##bits##_load(const volatile a##bits *at, int order)          \
	{                                                                                          \
		if (!rt_controlled())                                                              \
			return __sync_val_compare_and_swap((volatile a##bits *)at, 0, 0);          \
		begin_read(at, sizeof(*at), RT_PC());                                              \
		loaded((uintptr_t)at, order);                                                      \
		return *at;                                                                        \
	}                                                                                          \
	void __tsan_atomic##bits##_store(volatile a##bits *at, a##bits value, int order);          \
	RT_HOOK void __tsan_atomic##bits##_store(volatile a##bits *at, a##bits value, int order)   \
	{                                                                                          \
		bool ours = rt_controlled();                                                       \
		a##bits old;                                                                       \
                                                                                                   \
		if (ours)                                                                          \
			begin_write(at, sizeof(*at), RT_PC());                                     \
		do                                                                                 \
			old = *at;                                                                 \
		while (!__sync_bool_compare_and_swap(at, old, value));                             \
		if (ours) {                                                                        \
			stored((uintptr_t)at, order, false);                                       \
			if (old != value)                                                          \
				rt_progress();                                                     \
		}                                                                                  \
	}                                                                                          \
	RMW(bits, exchange, value)                                                                 \
	RMW(bits, fetch_add, old + value)                                                          \
	RMW(bits, fetch_sub, old - value)                                                          \
	RMW(bits, fetch_and, old &value)                                                           \
	RMW(bits, fetch_or, old | value)                                                           \
	RMW(bits, fetch_xor, old ^ value)                                                          \
	RMW(bits, fetch_nand, ~(old & value))                                                      \
	CAS_FROM(bits)                                                                             \
	CAS(bits, strong)                                                                          \
	CAS(bits, weak)                                                                            \
	a##bits __tsan_atomic##bits##_compare_exchange_val(volatile a##bits *at, a##bits expected, \
							   a##bits value, int order, int failure); \
	RT_HOOK a##bits __tsan_atomic##bits##_compare_exchange_val(                                \
		volatile a##bits *at, a##bits expected, a##bits value, int order, int failure)     \
	{                                                                                          \
		cas##bits##_from(at, &expected, value, order, failure, RT_PC());                   \
		return expected;                                                                   \
	}

ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)
ATOMICS(128)

/*
 * What libatomic has for other sizes, and for 16 bytes where the compiler may not
 * use the instruction. The flag keeps apart what runs without control.
 */
static RT_PROCESS_STATE atomic_flag wide = ATOMIC_FLAG_INIT;

static void begin_wide(void)
{
	while (atomic_flag_test_and_set(&wide))
		;
}

static void end_wide(void)
{
	atomic_flag_clear(&wide);
}

// Not memcpy() and memcmp(), which are watched.
static void copy(void *to, const void *from, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((volatile char *)to)[i] = ((const char *)from)[i];
}

static bool same(const void *a, const void *b, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (((const volatile char *)a)[i] != ((const char *)b)[i])
			return false;
	return true;
}

void wide_load(size_t size, const void *at, void *to, int order) __asm__("__atomic_load");
RT_EXPORT void wide_load(size_t size, const void *at, void *to, int order)
{
	bool ours = rt_controlled();

	if (ours)
		begin_read(at, (unsigned)size, RT_PC());
	begin_wide();
	copy(to, at, size);
	end_wide();
	if (ours)
		loaded((uintptr_t)at, order);
}

void wide_store(size_t size, void *at, const void *from, int order) __asm__("__atomic_store");
RT_EXPORT void wide_store(size_t size, void *at, const void *from, int order)
{
	bool ours = rt_controlled();

	if (ours)
		begin_write(at, (unsigned)size, RT_PC());
	begin_wide();
	copy(at, from, size);
	end_wide();
	if (!ours)
		return;
	stored((uintptr_t)at, order, false);
	rt_progress();
}

void wide_exchange(size_t size, void *at, const void *from, void *to,
		   int order) __asm__("__atomic_exchange");
RT_EXPORT void wide_exchange(size_t size, void *at, const void *from, void *to, int order)
{
	bool ours = rt_controlled();

	if (ours)
		begin_write(at, (unsigned)size, RT_PC());
	begin_wide();
	copy(to, at, size);
	copy(at, from, size);
	end_wide();
	if (!ours)
		return;
	loaded((uintptr_t)at, order);
	stored((uintptr_t)at, order, true);
	rt_progress();
}

bool wide_cas(size_t size, void *at, void *expected, const void *from, int order,
	      int failure) __asm__("__atomic_compare_exchange");
RT_EXPORT bool wide_cas(size_t size, void *at, void *expected, const void *from, int order,
			int failure)
{
	bool ours = rt_controlled(), done;

	if (ours)
		begin_write(at, (unsigned)size, RT_PC());
	begin_wide();
	done = same(at, expected, size);
	if (done)
		copy(at, from, size);
	else
		copy(expected, at, size);
	end_wide();
	if (!ours)
		return done;
	loaded((uintptr_t)at, done ? order : failure);
	if (done) {
		stored((uintptr_t)at, order, true);
		rt_progress();
	}
	return done;
}

void __tsan_atomic_thread_fence(int order);
RT_HOOK void __tsan_atomic_thread_fence(int order)
{
	if (!rt_controlled())
		return;
	rt_point(RT_OP_CALL, 0, 0, RT_PC());
	rt_mark(RT_MARK_FENCE, 0);
	if (acquires(order))
		rt_fence_acquire();
	if (releases(order))
		rt_fence_release();
}

void __tsan_atomic_signal_fence(int order);
RT_HOOK void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}
// NOLINTEND(bugprone-reserved-identifier)
