// Happens-before: vector clocks.
#ifndef RACEGATE_RT_CLOCKS_H
#define RACEGATE_RT_CLOCKS_H

#include "core/iteration.h"

void rt_clock_begin(void);
void rt_clock_thread(struct rt_thread *parent, struct rt_thread *child); // creation
void rt_clock_join(struct rt_thread *thread, struct rt_thread *ended);
// The running thread learns what was released there; NULL: nothing was.
void rt_acquire(const uint32_t *clock);
// Releases to `*clock`, adding to what is there (made when NULL).
void rt_release(uint32_t **clock);
// Releases to `*clock`, instead of what is there.
void rt_release_only(uint32_t **clock);
// A relaxed load saw what was released there: the next acquire fence learns it.
void rt_fence_pending(const uint32_t *clock);
void rt_fence_acquire(void);
void rt_fence_release(void);
bool rt_fence_released(void); // the running thread has passed a release fence
// A relaxed store releases what the last release fence did; `only`: instead of what is there.
void rt_release_fenced(uint32_t **clock, bool only);

#endif
