// The threads that can run, of which the policy picks one.
#ifndef RACEGATE_RT_READY_H
#define RACEGATE_RT_READY_H

#include "core/iteration.h"

static inline bool rt_is_ready(unsigned thread)
{
	return rt_iteration.ready[thread / 64] >> (thread % 64) & 1;
}

static inline void rt_set_ready(struct rt_thread *thread)
{
	thread->state = RT_READY;
	rt_iteration.ready[thread->id / 64] |= UINT64_C(1) << thread->id % 64;
	rt_iteration.nr_ready++;
	rt_iteration.changed = true;
}

static inline void rt_clear_ready(struct rt_thread *thread, enum rt_state state)
{
	thread->state = state;
	rt_iteration.ready[thread->id / 64] &= ~(UINT64_C(1) << thread->id % 64);
	rt_iteration.nr_ready--;
	rt_iteration.changed = true;
}

// The `index`th of them, in the order of ids.
unsigned rt_ready_at(unsigned index);
// The one of the highest priority.
unsigned rt_most_urgent(void);

#endif
