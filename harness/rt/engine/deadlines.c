// Waits that end at some time, which is virtual.
#include "engine/sched.h"

void rt_expire(void)
{
	int64_t next = RT_NEVER;

	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		struct rt_thread *thread = &rt_iteration.threads[i];

		if (thread->state != RT_BLOCKED || thread->deadline == RT_NEVER)
			continue;
		if (thread->deadline <= rt_iteration.now) {
			thread->timed_out = true;
			rt_wake(thread);
		} else if (thread->deadline < next) {
			next = thread->deadline;
		}
	}
	rt_iteration.next_deadline = next;
}

void rt_skip_time(void)
{
	if (rt_iteration.next_deadline > rt_iteration.now)
		rt_iteration.now = rt_iteration.next_deadline;
	rt_expire();
}

void rt_time_passes(int64_t ns)
{
	rt_iteration.now += ns;
	if (rt_iteration.now >= rt_iteration.next_deadline)
		rt_expire();
}
