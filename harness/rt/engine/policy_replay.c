/*
 * Follows a recorded schedule. Replay ends the iteration at the
 * first decision that cannot be followed: another program, or one that takes
 * input that is not controlled. Depth-first search follows a prefix in the same
 * way and then lets every thread run until it blocks; a prefix is followed by
 * another policy.
 */
#include "engine/policy.h"
#include "hb/report.h"

static RT_ITERATION_STATE uint32_t at, left;

static void replay_begin(void)
{
	at = 0;
	left = rt_shared->request.nr_schedule_in ? rt_shared->schedule_in[0].times : 0;
}

static bool over(void)
{
	return at >= rt_shared->request.nr_schedule_in;
}

static uint32_t peek(void)
{
	return rt_shared->schedule_in[at].who;
}

static void take(void)
{
	if (--left)
		return;
	at++;
	left = over() ? 0 : rt_shared->schedule_in[at].times;
}

static _Noreturn void diverge(void)
{
	struct rt_result *result = &rt_shared->result;
	const struct rt_pending *op = &rt_self->pending;

	result->diverged_at = rt_iteration.step;
	rt_site_here(&result->diverged_site, op->op, op->address, op->size, op->pc);
	rt_end(RT_END_DIVERGED, 0);
}

static unsigned follow(void)
{
	uint32_t who = peek();

	if (who >= rt_iteration.nr_threads || !rt_is_ready(who))
		diverge();
	take();
	return who;
}

static unsigned follow_choice(unsigned n)
{
	uint32_t who = peek();

	if (!(who & RT_CHOICE) || (who & RT_VALUE) >= n)
		diverge();
	take();
	return who & RT_VALUE;
}

// What is in the schedule only if it happens.
static bool follow_rare(uint32_t what)
{
	if (over() || peek() != (RT_CHOICE | what))
		return false;
	take();
	return true;
}

static bool follow_early(void)
{
	return follow_rare(RT_VALUE);
}

static bool follow_spurious(void)
{
	return follow_rare(RT_SPURIOUS);
}

static unsigned replay(void)
{
	if (over())
		diverge();
	return follow();
}

static unsigned replay_choice(unsigned n)
{
	if (over())
		diverge();
	return follow_choice(n);
}

const struct rt_policy rt_policy_replay = {
	.begin = replay_begin,
	.pick = replay,
	.early = follow_early,
	.spurious = follow_spurious,
	.choose = replay_choice,
};

static unsigned search(void)
{
	if (!over())
		return follow();
	return rt_is_ready(rt_self->id) ? rt_self->id : rt_ready_at(0);
}

static unsigned search_choice(unsigned n)
{
	return over() ? 0 : follow_choice(n);
}

const struct rt_policy rt_policy_dfs = {
	.begin = replay_begin,
	.pick = search,
	.early = follow_early,
	.spurious = follow_spurious,
	.choose = search_choice,
};

static void prefix_begin(void)
{
	replay_begin();
	if (rt_iteration.next_policy->begin)
		rt_iteration.next_policy->begin();
}

// It is to know all threads when its time comes.
static void prefix_thread(struct rt_thread *thread)
{
	if (rt_iteration.next_policy->thread)
		rt_iteration.next_policy->thread(thread);
}

static bool prefix_over(void)
{
	if (!over())
		return false;
	rt_shared->result.prefix_end = rt_iteration.step;
	rt_iteration.policy = rt_iteration.next_policy;
	rt_iteration.changed = true;
	return true;
}

static unsigned prefix(void)
{
	return prefix_over() ? rt_iteration.policy->pick() : follow();
}

static unsigned prefix_choice(unsigned n)
{
	if (!prefix_over())
		return follow_choice(n);
	return rt_iteration.policy->choose ? rt_iteration.policy->choose(n)
					   : (unsigned)(rt_random() % n);
}

const struct rt_policy rt_policy_prefix = {
	.begin = prefix_begin,
	.thread = prefix_thread,
	.pick = prefix,
	.early = follow_early,
	.spurious = follow_spurious,
	.choose = prefix_choice,
};
