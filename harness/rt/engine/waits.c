// Threads that are blocked, on what, and until when. Time is virtual.
#include "engine/ready.h"
#include "engine/sched.h"

void rt_wake(struct rt_thread *thread)
{
	if (thread->state != RT_BLOCKED)
		return;
	thread->deadline = RT_NEVER;
	thread->idle_reads = 0;
	rt_set_ready(thread);
}

unsigned rt_waiters(enum rt_object_type type, uintptr_t object, struct rt_thread **out,
		    unsigned max)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < rt_iteration.nr_threads; i++) {
		struct rt_thread *thread = &rt_iteration.threads[i];

		if (thread->state != RT_BLOCKED || thread->wait_type != type ||
		    thread->wait_object != object)
			continue;
		if (nr < max)
			out[nr] = thread;
		nr++;
	}
	return nr;
}

unsigned rt_wake_all(enum rt_object_type type, uintptr_t object)
{
	struct rt_thread *waiters[RT_MAX_THREADS];
	unsigned nr = rt_waiters(type, object, waiters, RT_MAX_THREADS);

	for (unsigned i = 0; i < nr; i++)
		rt_wake(waiters[i]);
	return nr;
}

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
	if (RT_UNLIKELY(rt_iteration.next_alarm != RT_NEVER)) {
		next = rt_iteration.outside->ring();
		if (next < rt_iteration.next_deadline)
			rt_iteration.next_deadline = next;
	}
}

bool rt_time_may_pass(void)
{
	return rt_iteration.next_deadline != RT_NEVER ||
	       (rt_iteration.next_alarm != RT_NEVER && rt_iteration.outside->alarm_helps());
}

void rt_skip_time(void)
{
	const int64_t to = rt_iteration.next_deadline < rt_iteration.next_alarm
				   ? rt_iteration.next_deadline
				   : rt_iteration.next_alarm;

	if (to > rt_iteration.now)
		rt_iteration.now = to;
	rt_expire();
}

void rt_time_passes(int64_t ns)
{
	rt_iteration.now += ns;
	if (rt_iteration.now >= rt_iteration.next_deadline ||
	    rt_iteration.now >= rt_iteration.next_alarm)
		rt_expire();
}
