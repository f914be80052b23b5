/*
 * The state of an iteration: what it knows of its threads, the memory that it takes
 * as it needs it, its random numbers, and how it ends.
 */
#include "core/iteration.h"
#include "core/hash.h"

#include <string.h>
#include <unistd.h>

static RT_COLD_STATE struct rt_thread threads[RT_MAX_THREADS];
// Before the large mapping: what little most iterations need lies in pages beside our others.
static RT_COLD_STATE char first_arena[64 << 10] __attribute__((aligned(64)));
RT_ITERATION_STATE struct rt_iteration rt_iteration;
RT_ITERATION_STATE struct rt_thread *rt_self;
RT_PROCESS_STATE struct rt_shared *rt_shared;

void rt_iteration_init(void *more, size_t size)
{
	rt_iteration.threads = threads;
	rt_iteration.arena = (uintptr_t)first_arena;
	rt_iteration.arena_end = rt_iteration.arena + sizeof(first_arena);
	rt_iteration.more = (uintptr_t)more;
	rt_iteration.more_end = rt_iteration.more + size;
}

uint64_t rt_random(void)
{
	return rt_splitmix(&rt_iteration.random);
}

void *rt_alloc(size_t size)
{
	uintptr_t at = rt_iteration.arena;

	size = (size + 63) & ~(size_t)63;
	if (at + size > rt_iteration.arena_end) {
		at = rt_iteration.arena = rt_iteration.more;
		rt_iteration.arena_end = rt_iteration.more_end;
		rt_iteration.more = rt_iteration.more_end = 0;
		if (at + size > rt_iteration.arena_end)
			rt_end_limit("memory for the iteration's bookkeeping");
	}
	rt_iteration.arena = at + size;
	return (void *)at;
}

void rt_thread_fresh(struct rt_thread *thread)
{
	thread->deadline = RT_NEVER;
	thread->held = thread->first_held;
	thread->calls = thread->first_calls;
	thread->frames = thread->first_calls + RT_FIRST_CALLS;
	thread->room = RT_FIRST_CALLS;
}

struct rt_thread *rt_thread_of(pthread_t handle)
{
	for (unsigned i = 0; i < rt_iteration.nr_threads; i++)
		if (rt_iteration.threads[i].handle == handle)
			return &rt_iteration.threads[i];
	return NULL;
}

void rt_room_for_calls(struct rt_thread *thread, uint32_t depth)
{
	const uint32_t room = thread->room;
	const size_t bytes = room * sizeof(uintptr_t);

	if (depth > RT_MAX_DEPTH)
		depth = RT_MAX_DEPTH;
	if (depth <= room)
		return;
	while (thread->room < depth)
		thread->room = thread->room * 4 < RT_MAX_DEPTH ? thread->room * 4 : RT_MAX_DEPTH;
	thread->calls = memcpy(rt_alloc(thread->room * sizeof(uintptr_t)), thread->calls, bytes);
	thread->frames = memcpy(rt_alloc(thread->room * sizeof(uintptr_t)), thread->frames, bytes);
}

void rt_note_end(enum rt_ending ending, int code)
{
	struct rt_result *result = &rt_shared->result;

	rt_iteration.controlled = false;
	result->ending = ending;
	result->code = (uint32_t)code;
	result->threads = rt_iteration.nr_threads;
	result->steps = rt_iteration.step;
	result->switches = rt_iteration.switches;
	result->preemptions = rt_iteration.preemptions;
	result->spurious = rt_iteration.spurious;
	result->event_hash = rt_iteration.hash;
	result->processes = rt_iteration.processes;
}

_Noreturn void rt_end(enum rt_ending ending, int code)
{
	rt_note_end(ending, code);
	_exit(0);
}

_Noreturn void rt_end_limit(const char *what)
{
	strncpy(rt_shared->result.limit, what, RT_MAX_NAME - 1);
	rt_end(RT_END_LIMIT, 0);
}
