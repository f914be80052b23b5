/*
 * The scheduler: which threads run, which wait, what time it is. The policy makes
 * every decision and it is recorded, so that the same decisions give the same run.
 */
#include "engine/sched.h"
#include "core/arch.h"
#include "core/hash.h"
#include "core/object.h"
#include "engine/policy.h"
#include "engine/spinning.h"
#include "hb/report.h"

__asm__(RT_SWITCH_STACKS);

enum { QUANTUM = 4096 };

static RT_ITERATION_STATE bool recording_decisions, tracing, early_timeouts, spurious, due;
static RT_ITERATION_STATE uint32_t most_spurious;
static RT_ITERATION_STATE struct rt_entry *entry; // being written

static const struct rt_policy *policy_of(enum rt_policy_id id)
{
	static const struct rt_policy *const policies[] = {
#define ROW(id, name, title, use, least, most, slots, description)                                 \
	[RT_POLICY_##id] = &rt_policy_##name,
		RT_POLICY_TABLE(ROW)
#undef ROW
	};

	return policies[id < RT_POLICY_NR ? id : RT_POLICY_RANDOM];
}

void rt_thread_ready(struct rt_thread *thread)
{
	rt_set_ready(thread);
	if (rt_iteration.policy->thread)
		rt_iteration.policy->thread(thread);
}

void rt_begin(const struct rt_outside *outside)
{
	const struct rt_request *request = &rt_shared->request;
	struct rt_thread *first = &rt_iteration.threads[0];
	enum { CALLER = 128 };

	rt_iteration.policy = policy_of(request->policy);
	rt_iteration.next_policy = policy_of(request->then);
	rt_iteration.outside = outside;
	recording_decisions = request->decisions;
	tracing = request->trace;
	early_timeouts = request->early_timeouts;
	spurious = request->spurious;
	most_spurious = request->most_spurious;
	due = request->due_timeouts;
	rt_iteration.max_steps = request->max_steps;
	rt_iteration.next_watch = request->nr_watches ? request->watches[0] : UINT64_MAX;
	rt_iteration.now = RT_START_NS;
	rt_iteration.next_deadline = RT_NEVER;
	rt_iteration.next_alarm = RT_NEVER;
	rt_iteration.last_who = UINT32_MAX;
	rt_iteration.hash = RT_FNV;
	rt_iteration.nr_threads = 1;
	rt_thread_fresh(first);
	first->tls = rt_tls();
	rt_self = first;
	rt_object_begin();
	// Of what main() uses: it is called from the frame above.
	first->stack_end = (uintptr_t)__builtin_frame_address(0) + CALLER;
	if (rt_iteration.policy->begin)
		rt_iteration.policy->begin();
	rt_thread_ready(first);
}

static __attribute__((noinline)) void new_entry(uint32_t who)
{
	struct rt_result *result = &rt_shared->result;

	if (result->nr_schedule_out == RT_MAX_ENTRIES)
		rt_end_limit("room for the schedule");
	entry = &rt_shared->schedule_out[result->nr_schedule_out++];
	*entry = (struct rt_entry){ who, 1 };
	rt_iteration.last_who = who;
}

// Records a choice, run-length encoded.
static inline void record(uint32_t who)
{
	if (who == rt_iteration.last_who)
		entry->times++;
	else
		new_entry(who);
}

static __attribute__((noinline)) void note_decision(unsigned chosen, unsigned choices,
						    bool at_point)
{
	struct rt_result *result = &rt_shared->result;
	bool preemptible = rt_self->state == RT_READY && !rt_self->deprioritised;

	if (result->nr_decisions++ >= RT_MAX_DECISIONS)
		return;
	rt_shared->decisions[result->nr_decisions - 1] = (struct rt_decision){
		.ready = rt_iteration.ready[0],
		.nth = rt_self->nr_decisions,
		.chosen = (uint16_t)chosen,
		.before = rt_self->id,
		.choices = (uint16_t)choices,
		.preemptible = preemptible,
		.costs = preemptible && at_point,
		.timed = !choices && rt_iteration.next_deadline != RT_NEVER && !due,
	};
}

static inline void record_decision(unsigned chosen, unsigned choices, bool at_point)
{
	if (RT_UNLIKELY(recording_decisions))
		note_decision(chosen, choices, at_point);
}

unsigned rt_choose(unsigned n)
{
	unsigned value;

	if (n < 2)
		return 0;
	value = rt_iteration.policy->choose ? rt_iteration.policy->choose(n)
					    : (unsigned)(rt_random() % n);
	record_decision(value, n, false);
	record(RT_CHOICE | value);
	rt_self->nr_decisions++;
	return value;
}

static bool may_be_spurious(void)
{
	return spurious && rt_iteration.spurious < most_spurious;
}

static bool spurious_by_chance(void)
{
	enum { ONE_IN = 16 };

	return may_be_spurious() && rt_random() % ONE_IN == 0;
}

bool rt_spurious(void)
{
	bool happens = rt_iteration.policy->spurious ? rt_iteration.policy->spurious()
						     : spurious_by_chance();

	if (happens || may_be_spurious())
		record_decision(happens ? RT_SPURIOUS : 0, 1, false);
	if (!happens)
		return false;
	record(RT_CHOICE | RT_SPURIOUS);
	rt_self->nr_decisions++;
	rt_iteration.spurious++;
	return true;
}

// Lets deprioritised threads run again: all of them, or those whose steps are over.
static void requeue(bool all)
{
	uint64_t next = UINT64_MAX;

	for (unsigned i = 0; rt_iteration.nr_deprioritised && i < rt_iteration.nr_threads; i++) {
		struct rt_thread *thread = &rt_iteration.threads[i];

		if (!thread->deprioritised)
			continue;
		if (!all && thread->deprioritised_until > rt_iteration.step) {
			if (thread->deprioritised_until < next)
				next = thread->deprioritised_until;
			continue;
		}
		thread->deprioritised = false;
		thread->idle_reads = 0;
		rt_iteration.nr_deprioritised--;
		rt_set_ready(thread);
	}
	rt_iteration.next_requeue = next;
}

void rt_progress(void)
{
	rt_self->idle_reads = 0;
	rt_self->clock_readings = 0;
	rt_iteration.no_progress = 0;
	if (RT_UNLIKELY(rt_iteration.nr_deprioritised) &&
	    rt_iteration.step >= rt_iteration.next_requeue)
		requeue(false);
}

// Lets others go first until one makes progress, and for at least so many steps.
static void deprioritise(struct rt_thread *thread, unsigned steps)
{
	if (thread->deprioritised)
		return;
	thread->deprioritised_until = rt_iteration.step + steps;
	rt_spinning_note();
	rt_clear_ready(thread, RT_READY);
	thread->deprioritised = true;
	if (!rt_iteration.nr_deprioritised++ ||
	    thread->deprioritised_until < rt_iteration.next_requeue)
		rt_iteration.next_requeue = thread->deprioritised_until;
	if (rt_iteration.nr_ready || rt_iteration.nr_outside ||
	    rt_iteration.next_deadline != RT_NEVER)
		rt_shared->result.deprioritised++;
}

/*
 * No thread is ready. Time passes first; then threads that only re-read what did
 * not change run again, unless that leads nowhere; otherwise the iteration ends.
 */
static void find_ready(void)
{
	while (!rt_iteration.nr_ready) {
		if ((rt_iteration.nr_outside || rt_iteration.processes) &&
		    rt_iteration.outside->event())
			continue;
		if (rt_time_may_pass()) {
			rt_skip_time();
			requeue(true);
		} else if (rt_iteration.nr_deprioritised && !rt_spins_forever()) {
			requeue(true);
		} else {
			rt_report_stuck();
			rt_end(rt_iteration.nr_deprioritised ? RT_END_LIVELOCK : RT_END_STUCK, 0);
		}
	}
}

/*
 * A timed wait may time out early, as on a busy machine: the time of all threads
 * moves on to the next deadline.
 */
static bool early_by_chance(void)
{
	enum { ONE_IN = 64 };

	return early_timeouts && !due && rt_random() % ONE_IN == 0;
}

static void come_early(bool at_point)
{
	bool (*early)(void) =
		rt_iteration.policy->early ? rt_iteration.policy->early : early_by_chance;

	// Not past a watchdog, which would be nobody's fault.
	while (rt_iteration.next_deadline != RT_NEVER &&
	       rt_iteration.next_deadline <= rt_iteration.next_alarm && early()) {
		record_decision(RT_VALUE, 0, at_point);
		record(RT_CHOICE | RT_VALUE);
		rt_self->nr_decisions++;
		rt_shared->result.early++;
		rt_skip_time();
	}
}

static inline unsigned decide(bool at_point)
{
	unsigned who;

	if (RT_UNLIKELY(rt_iteration.next_deadline != RT_NEVER))
		come_early(at_point);
	who = rt_iteration.policy->pick();
	record_decision(who, 0, at_point);
	record(who);
	rt_self->nr_decisions++;
	return who;
}

static inline void go_to(unsigned who)
{
	struct rt_thread *from = rt_self;

	rt_self = &rt_iteration.threads[who];
	rt_self->quantum = 0;
	rt_iteration.switches++;
	rt_set_tls(rt_self->tls, rt_shared->tls_by_kernel);
	rt_switch_stacks(&from->sp, rt_self->sp);
}

// The running thread performs the operation that it has announced.
static inline void do_step(void)
{
	const struct rt_pending *op = &rt_self->pending;

	rt_self->own_steps++;
	if (RT_UNLIKELY(++rt_iteration.step > rt_iteration.max_steps))
		rt_end(RT_END_STEPS, 0);
	rt_iteration.hash =
		rt_fnv(rt_iteration.hash, op->pc << 12 ^ (uint64_t)rt_self->id << 4 ^ op->op);
	if (RT_UNLIKELY(tracing))
		rt_trace(op);
	if (RT_UNLIKELY(rt_iteration.step == rt_iteration.next_watch))
		rt_watch(op);
}

/*
 * A thread that spins, in whatever way, must not keep the others from what it waits
 * for: each of them gets a quantum as long, although they may requeue each other,
 * and if possible while the thread holds no lock that they need.
 */
static void end_quantum(void)
{
	if (!rt_self->nr_held || rt_self->quantum > 2 * QUANTUM)
		deprioritise(rt_self, QUANTUM * rt_iteration.nr_ready);
}

/*
 * A thread that only re-reads what does not change lets the others go first; if no
 * other can run, time passes, for it may be waiting for one that sleeps. If there is no
 * time to wait for either, it may be that it reads forever.
 */
static void read_enough(void)
{
	if (rt_iteration.nr_ready > 1) {
		deprioritise(rt_self, 0);
	} else if (rt_time_may_pass()) {
		rt_shared->result.deprioritised++;
		rt_skip_time();
	} else {
		deprioritise(rt_self, 0);
		find_ready();
	}
}

/*
 * The thread pointer is not what it was set to: the program may have used another
 * thread's errno. A short iteration is worth nothing then, and the server runs it again.
 * A long one would lose it again, and goes on: what it shows has to be shown twice more.
 */
static void restore_tls(void)
{
	enum { SHORT = 20000 };

	rt_set_tls(rt_self->tls, rt_shared->tls_by_kernel);
	if (rt_iteration.step > SHORT)
		return;
	rt_shared->tls_lost = true;
	rt_end_limit("losses of the thread pointer");
}

void rt_point(enum rt_op op, uintptr_t address, unsigned size, uintptr_t pc)
{
	enum { ENOUGH_READS = 256 };
	unsigned who;

	if (RT_UNLIKELY(rt_tls() != rt_self->tls))
		restore_tls();
	rt_self->pending = (struct rt_pending){ address, pc, (uint8_t)op, (uint8_t)size };
	if (RT_UNLIKELY(++rt_self->idle_reads > ENOUGH_READS))
		read_enough();
	else if (RT_UNLIKELY(++rt_self->quantum > QUANTUM) && rt_iteration.nr_ready > 1)
		end_quantum();
	who = decide(true);
	if (who != rt_self->id) {
		rt_iteration.preemptions += !rt_self->deprioritised;
		go_to(who);
	}
	if (RT_UNLIKELY(rt_self->attention))
		rt_attend();
	do_step();
}

/*
 * Two threads that yield to each other must not keep a third from what both wait
 * for, whatever their priorities are: a yield lasts some steps.
 */
void rt_yield(uintptr_t pc)
{
	enum { YIELD_STEPS = 16 };

	rt_self->pending = (struct rt_pending){ 0, pc, RT_OP_YIELD, 0 };
	deprioritise(rt_self, YIELD_STEPS);
	find_ready();
	unsigned who = decide(false);

	if (who != rt_self->id)
		go_to(who);
	if (rt_self->attention)
		rt_attend();
	do_step();
}

static void leave(void)
{
	unsigned who;

	find_ready();
	who = decide(false);
	if (who != rt_self->id)
		go_to(who);
}

bool rt_suspend(enum rt_object_type type, uintptr_t object, int64_t deadline)
{
	struct rt_thread *self = rt_self;

	self->wait_type = (uint8_t)type;
	self->wait_object = object;
	self->wait_step = rt_iteration.step;
	self->deadline = deadline;
	self->timed_out = false;
	if (deadline < rt_iteration.next_deadline)
		rt_iteration.next_deadline = deadline;
	rt_clear_ready(self, RT_BLOCKED);
	rt_progress();
	if (deadline <= rt_iteration.now)
		rt_expire();
	leave();
	self->wait_type = RT_NO_OBJECT;
	self->wait_object = 0;
	return !self->timed_out;
}

bool rt_block(enum rt_object_type type, uintptr_t object, int64_t deadline)
{
	bool in_time = rt_suspend(type, object, deadline);

	if (RT_UNLIKELY(rt_self->attention))
		rt_attend();
	return in_time;
}

_Noreturn void rt_thread_end(void)
{
	rt_clear_ready(rt_self, RT_ENDED);
	rt_progress();
	rt_wake_all(RT_THREAD, (uintptr_t)rt_self);
	leave();
	__builtin_unreachable();
}
