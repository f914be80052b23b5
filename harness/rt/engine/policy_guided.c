/*
 * Lets every thread run until it blocks and leaves that track only at the turns
 * of the request. A turn that does not fit any more is passed over, so that any
 * part of a schedule's turns is a schedule: what minimising needs.
 */
#include "engine/policy.h"

static RT_COLD uint32_t at[RT_MAX_THREADS]; // the next turn of each thread

static void begin(void)
{
	uint32_t i = 0;

	for (uint32_t thread = 0; thread < RT_MAX_THREADS; thread++) {
		at[thread] = i;
		while (i < rt_shared->nr_turns && rt_shared->turns[i].thread == thread)
			i++;
	}
}

// What the turn at the running thread's next decision says; UINT32_MAX: there is none.
static uint32_t turn(void)
{
	uint32_t *next = &at[rt_self->id];

	for (; *next < rt_shared->nr_turns; ++*next) {
		const struct rt_turn *t = &rt_shared->turns[*next];

		if (t->thread != rt_self->id || t->nth > rt_self->nr_decisions)
			break;
		if (t->nth == rt_self->nr_decisions)
			return t->who;
	}
	return UINT32_MAX;
}

static unsigned pick(void)
{
	uint32_t who = turn();

	if (who < rt_iteration.nr_threads && rt_is_ready(who))
		return who;
	return rt_is_ready(rt_self->id) ? rt_self->id : rt_ready_at(0);
}

static bool early(void)
{
	return turn() == RT_VALUE;
}

static bool spurious(void)
{
	return turn() == RT_SPURIOUS;
}

static unsigned choose(unsigned n)
{
	uint32_t who = turn();

	return who != UINT32_MAX && who & RT_CHOICE && (who & RT_VALUE) < n ? who & RT_VALUE : 0;
}

const struct rt_policy rt_policy_guided = {
	.begin = begin, .pick = pick, .early = early, .spurious = spurious, .choose = choose
};
