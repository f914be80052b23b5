// Happens-before: vector clocks.
#ifndef RACEGATE_RT_CLOCKS_H
#define RACEGATE_RT_CLOCKS_H

#include "core/iteration.h"

void rt_clock_begin(void);
// Creation; NULL: by nobody.
void rt_clock_thread(struct rt_thread *parent, struct rt_thread *child);
void rt_clock_join(struct rt_thread *thread, struct rt_thread *ended);
// Joins the clock into that of the running thread. NULL: nothing was released there.
void rt_acquire(const uint32_t *clock);
// Joins the running thread's clock into `*clock`, which is allocated when NULL.
void rt_release(uint32_t **clock);
// Joins another clock into `*clock`.
void rt_clock_add(uint32_t **clock, const uint32_t *other);
// As rt_release(), but replaces what was there.
void rt_release_only(uint32_t **clock);
// A relaxed load read a value released with this clock: the next acquire fence joins it.
void rt_fence_pending(const uint32_t *clock);
void rt_fence_acquire(void);
void rt_fence_release(void);
bool rt_fence_released(void); // the running thread has passed a release fence
// A relaxed store releases the clock of the last release fence; `only`: replaces what was there.
void rt_release_fenced(uint32_t **clock, bool only);

#endif
