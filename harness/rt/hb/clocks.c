/*
 * Happens-before with vector clocks (Lamport 1978, Mattern 1989). Threads have clocks, and
 * so have the objects that they synchronise through. A clock is an array of
 * rt_iteration.capacity numbers. A thread increments its own number at each release.
 */
#include "hb/clocks.h"

#include <string.h>

static size_t clock_bytes(void)
{
	return rt_iteration.capacity * sizeof(uint32_t);
}

static uint32_t *clock_new(void)
{
	return rt_alloc(clock_bytes());
}

static void join(uint32_t *into, const uint32_t *from)
{
	for (uint32_t i = 0; i < rt_iteration.nr_threads; i++)
		if (from[i] > into[i])
			into[i] = from[i];
}

static void tick(const struct rt_thread *thread)
{
	thread->clock[thread->id]++;
}

void rt_clock_begin(void)
{
	rt_iteration.threads[0].clock = clock_new();
	rt_iteration.threads[0].clock[0] = 1;
}

void rt_clock_thread(struct rt_thread *parent, struct rt_thread *child)
{
	child->clock = clock_new();
	if (parent)
		memcpy(child->clock, parent->clock, clock_bytes());
	child->clock[child->id] = 1;
	if (parent)
		tick(parent);
}

void rt_clock_join(struct rt_thread *thread, struct rt_thread *ended)
{
	join(thread->clock, ended->clock);
}

void rt_acquire(const uint32_t *clock)
{
	if (clock)
		join(rt_self->clock, clock);
}

void rt_release(uint32_t **clock)
{
	if (!*clock)
		*clock = clock_new();
	join(*clock, rt_self->clock);
	tick(rt_self);
}

void rt_clock_add(uint32_t **clock, const uint32_t *other)
{
	if (!*clock)
		*clock = clock_new();
	join(*clock, other);
}

void rt_release_only(uint32_t **clock)
{
	if (!*clock)
		*clock = clock_new();
	memcpy(*clock, rt_self->clock, clock_bytes());
	tick(rt_self);
}

static RT_COLD_STATE uint32_t *fence_released[RT_MAX_THREADS], *fence_seen[RT_MAX_THREADS];

void rt_fence_pending(const uint32_t *clock)
{
	uint32_t **seen = &fence_seen[rt_self->id];

	if (!*seen)
		*seen = clock_new();
	join(*seen, clock);
}

void rt_fence_acquire(void)
{
	rt_acquire(fence_seen[rt_self->id]);
}

void rt_fence_release(void)
{
	rt_release_only(&fence_released[rt_self->id]);
}

bool rt_fence_released(void)
{
	return fence_released[rt_self->id] != NULL;
}

void rt_release_fenced(uint32_t **clock, bool only)
{
	const uint32_t *released = fence_released[rt_self->id];

	if (!released && (!only || !*clock))
		return;
	if (!*clock)
		*clock = clock_new();
	if (only)
		memset(*clock, 0, clock_bytes());
	if (released)
		join(*clock, released);
}
