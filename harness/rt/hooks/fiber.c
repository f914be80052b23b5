/*
 * Coroutines of the program: each has a call stack of its own. ThreadSanitizer's
 * interface announces some; those that only use <ucontext.h> are known by the
 * context that they are kept in. What a coroutine did in one thread happens before
 * what it does in the next that resumes it.
 */
#include "core/real.h"
#include "core/table.h"
#include "hb/clocks.h"

#include <stdarg.h>
#include <string.h>
#include <ucontext.h>

struct fiber {
	uint32_t depth;
	uint32_t *clock; // of when it was left
	struct fiber *next_free;
	uintptr_t calls[RT_MAX_DEPTH], frames[RT_MAX_DEPTH];
};

enum { NO_SYNC = 1 };

static RT_COLD_STATE struct fiber
	*current[RT_MAX_THREADS]; // NULL: the thread's own, not left so far
static RT_ITERATION_STATE struct fiber *free_fibers;
static RT_ITERATION_STATE bool announced; // the program announces its fibers: contexts are ignored

static struct fiber *new_fiber(void)
{
	struct fiber *fiber = free_fibers;

	if (!fiber)
		return rt_alloc(sizeof(*fiber));
	free_fibers = fiber->next_free;
	fiber->depth = 0;
	fiber->clock = NULL;
	return fiber;
}

static struct fiber *current_fiber(void)
{
	struct fiber **fiber = &current[rt_self->id];

	if (!*fiber)
		*fiber = new_fiber();
	return *fiber;
}

static size_t calls_bytes(uint32_t depth)
{
	return (depth < RT_MAX_DEPTH ? depth : RT_MAX_DEPTH) * sizeof(uintptr_t);
}

static void switch_to(struct fiber *to, bool sync)
{
	struct fiber *from = current_fiber();

	if (from == to)
		return;
	from->depth = rt_self->depth;
	memcpy(from->calls, rt_self->calls, calls_bytes(from->depth));
	memcpy(from->frames, rt_self->frames, calls_bytes(from->depth));
	rt_self->depth = to->depth;
	rt_room_for_calls(rt_self, to->depth);
	memcpy(rt_self->calls, to->calls, calls_bytes(to->depth));
	memcpy(rt_self->frames, to->frames, calls_bytes(to->depth));
	current[rt_self->id] = to;
	if (!sync)
		return;
	rt_release_only(&from->clock);
	rt_acquire(to->clock);
}

// NOLINTBEGIN(bugprone-reserved-identifier): the names are ThreadSanitizer's.
void *__tsan_get_current_fiber(void);
RT_HOOK void *__tsan_get_current_fiber(void)
{
	return rt_controlled() ? current_fiber() : NULL;
}

void *__tsan_create_fiber(unsigned flags);
RT_HOOK void *__tsan_create_fiber(unsigned flags)
{
	(void)flags;
	if (!rt_controlled())
		return NULL;
	announced = true;
	return new_fiber();
}

void __tsan_destroy_fiber(void *fiber);
RT_HOOK void __tsan_destroy_fiber(void *fiber)
{
	struct fiber *ended = fiber;

	if (!rt_controlled() || !ended)
		return;
	ended->next_free = free_fibers;
	free_fibers = ended;
}

void __tsan_switch_to_fiber(void *fiber, unsigned flags);
RT_HOOK void __tsan_switch_to_fiber(void *fiber, unsigned flags)
{
	if (rt_controlled() && fiber)
		switch_to(fiber, !(flags & NO_SYNC));
}

void __tsan_set_fiber_name(void *fiber, const char *name);
RT_HOOK void __tsan_set_fiber_name(void *fiber, const char *name)
{
	(void)fiber;
	(void)name;
}
// NOLINTEND(bugprone-reserved-identifier)

/*
 * A context is where its coroutine continues, so its address names the coroutine
 * as long as it is not the running one.
 */
enum { MAX_CONTEXTS = 1 << 16, MAX_ARGUMENTS = 12 };

static RT_ITERATION_STATE struct rt_table contexts;
static const char mark;
static const void *const not_begun = &mark; // of a context whose coroutine has not begun

static void keep(const ucontext_t *context, const void *fiber)
{
	struct rt_slot *slot;

	if (!contexts.size)
		rt_table_begin(&contexts);
	if (!rt_table_reserve(&contexts, MAX_CONTEXTS, NULL))
		return;
	slot = rt_table_slot(&contexts, (uintptr_t)context);
	if (slot->value)
		slot->value = (void *)fiber;
	else
		rt_table_put(&contexts, (uintptr_t)context, (void *)fiber);
}

static struct fiber *kept(const ucontext_t *context)
{
	struct fiber *fiber =
		contexts.size ? rt_table_slot(&contexts, (uintptr_t)context)->value : NULL;

	return fiber == not_begun ? NULL : fiber;
}

// Its function has returned; its memory may be made another one.
static void end_fiber(struct fiber *ended)
{
	for (unsigned i = 0; i < contexts.size; i++)
		if (contexts.slots[i].value == ended)
			contexts.slots[i].value = (void *)not_begun;
	__tsan_destroy_fiber(ended);
}

RT_EXPORT int swapcontext(ucontext_t *restrict from, const ucontext_t *restrict to)
{
	struct fiber *self, *other;
	int rc;

	if (!rt_controlled() || announced)
		return RT_REAL(swapcontext)(from, to);
	self = current_fiber();
	other = kept(to);
	keep(from, self);
	if (!other)
		keep(to, other = new_fiber());
	switch_to(other, true);
	rc = RT_REAL(swapcontext)(from, to);
	// `from` was continued by the one that resumed it or, unseen, by one that has ended.
	other = current_fiber();
	if (rt_controlled() && other != self) {
		switch_to(self, true);
		end_fiber(other);
	}
	return rc;
}

RT_EXPORT int setcontext(const ucontext_t *to)
{
	struct fiber *fiber = rt_controlled() && !announced ? kept(to) : NULL;

	if (fiber)
		switch_to(fiber, true);
	return RT_REAL(setcontext)(to);
}

// The arguments are ints, or pointers, by a promise of the C library.
RT_EXPORT void makecontext(ucontext_t *context, void (*start)(void), int nr, ...)
{
	long a[MAX_ARGUMENTS] = { 0 };
	va_list list;

	va_start(list, nr);
	for (int i = 0; i < nr && i < MAX_ARGUMENTS; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if (rt_controlled() && !announced)
		keep(context, not_begun);
	RT_REAL(makecontext)
	(context, start, nr, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10],
	 a[11]);
}
