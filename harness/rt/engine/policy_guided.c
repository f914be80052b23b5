/*
 * Lets every thread run until it blocks and leaves that track only at the
 * deviations of the request. One that does not fit any more is skipped, so that any
 * part of a schedule's deviations is a schedule: what minimising needs.
 */
#include "engine/policy.h"

static RT_COLD_STATE uint32_t at[RT_MAX_THREADS]; // the next deviation of each thread

static void guided_begin(void)
{
	uint32_t i = 0;

	for (uint32_t thread = 0; thread < RT_MAX_THREADS; thread++) {
		at[thread] = i;
		while (i < rt_shared->request.nr_deviations &&
		       rt_shared->deviations[i].thread == thread)
			i++;
	}
}

// Who is to run at the running thread's next decision; UINT32_MAX: it does not deviate.
static uint32_t deviation(void)
{
	uint32_t *next = &at[rt_self->id];

	for (; *next < rt_shared->request.nr_deviations; ++*next) {
		const struct rt_deviation *d = &rt_shared->deviations[*next];

		if (d->thread != rt_self->id || d->nth > rt_self->nr_decisions)
			break;
		if (d->nth == rt_self->nr_decisions)
			return d->who;
	}
	return UINT32_MAX;
}

static unsigned guided_pick(void)
{
	uint32_t who = deviation();

	if (who < rt_iteration.nr_threads && rt_is_ready(who))
		return who;
	return rt_is_ready(rt_self->id) ? rt_self->id : rt_ready_at(0);
}

static bool early(void)
{
	return deviation() == RT_VALUE;
}

static bool spurious(void)
{
	return deviation() == RT_SPURIOUS;
}

static unsigned choose(unsigned n)
{
	uint32_t who = deviation();

	return who != UINT32_MAX && who & RT_CHOICE && (who & RT_VALUE) < n ? who & RT_VALUE : 0;
}

const struct rt_policy rt_policy_guided = { .begin = guided_begin,
					    .pick = guided_pick,
					    .early = early,
					    .spurious = spurious,
					    .choose = choose };
