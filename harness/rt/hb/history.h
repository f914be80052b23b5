/*
 * The history of one variable: who read and wrote it last, and which of these accesses are
 * unordered with the running thread's. What every access needs is inline, what races need and
 * what few variables have is in history.c.
 */
#ifndef RACEGATE_RT_HISTORY_H
#define RACEGATE_RT_HISTORY_H

#include "core/iteration.h"

#include <string.h>

/*
 * The latest access of its sort. Two words, which are copied as such:
 * clock (0: none) and step; place (offset from the program's base), thread,
 * enum rt_op and size.
 */
struct rt_past {
	uint64_t when, where;
};

// What few variables have: one for each thread, or NULL.
struct rt_more {
	struct rt_past *atomic_reads, *atomic_writes;
	struct rt_past *writes; // that others followed without order
	// The latest accesses, as long as they are one thread's in one epoch: see rt_is_repeated().
	uint64_t epoch, places[2];
	// Two accesses whose race is reported, with those to `writes`: see rt_report_conflicts().
	struct {
		uint64_t here, there;
	} known[4];
};

struct rt_var {
	struct rt_past write, read;
	struct rt_past *reads; // one for each thread, once two read at the same time
	struct rt_more *more;
};

static inline uint32_t rt_past_clock(struct rt_past past)
{
	return (uint32_t)past.when;
}

static inline unsigned rt_past_thread(struct rt_past past)
{
	return past.where >> 32 & 0xffff;
}

static inline enum rt_op rt_past_op(struct rt_past past)
{
	return (enum rt_op)(past.where >> 48 & 0xff);
}

static inline struct rt_past rt_past_now(unsigned size, enum rt_op op, uintptr_t pc)
{
	const struct rt_thread *self = rt_self;

	return (struct rt_past){
		.when = self->clock[self->id] | rt_iteration.step << 32,
		.where = (uint32_t)(pc - rt_shared->base) | (uint64_t)self->id << 32 |
			 (uint64_t)op << 48 | (uint64_t)(size < 255 ? size : 255) << 56,
	};
}

static inline bool rt_before_me(struct rt_past past)
{
	return rt_past_clock(past) <= rt_self->clock[rt_past_thread(past)];
}

// The first of these accesses, one for each thread, that is not ordered with the running thread.
const struct rt_past *rt_unordered_of(const struct rt_past *pasts);
// A conflict with the accesses that only few variables have, or NULL.
const struct rt_past *rt_older_conflict(const struct rt_more *more, bool writing, bool atomic);
// A read beside one that it is not ordered with.
void rt_remember_in_turn(struct rt_var *var, struct rt_past now);
void rt_remember_atomic(struct rt_var *var, struct rt_past now);
// Reports the race of the two and those with earlier writes. `other` is rt_conflict()'s.
void rt_report_conflicts(struct rt_var *var, const struct rt_past *other, struct rt_past now,
			 uintptr_t address);
// After the variable was copied: its vectors are its own.
void rt_own_vectors(struct rt_var *var);

// An earlier access that conflicts with the new one and is not ordered with it, or NULL.
static inline const struct rt_past *rt_conflict(const struct rt_var *var, enum rt_op op)
{
	bool writing = op == RT_OP_WRITE || op == RT_OP_ATOMIC_WRITE;
	bool atomic = op == RT_OP_ATOMIC_READ || op == RT_OP_ATOMIC_WRITE;
	const struct rt_past *other = NULL;

	if (!rt_before_me(var->write))
		return &var->write;
	if (writing) {
		other = RT_UNLIKELY(var->reads != NULL) ? rt_unordered_of(var->reads)
			: rt_before_me(var->read)       ? NULL
							: &var->read;
	}
	if (!other && RT_UNLIKELY(var->more != NULL))
		other = rt_older_conflict(var->more, writing, atomic);
	return other;
}

static inline void rt_remember(struct rt_var *var, struct rt_past now, enum rt_op op)
{
	if (op == RT_OP_READ) {
		if (!var->reads && rt_before_me(var->read))
			var->read = now;
		else
			rt_remember_in_turn(var, now);
	} else if (op == RT_OP_WRITE) {
		var->write = now;
		var->read.when = 0;
		if (RT_UNLIKELY(var->reads != NULL))
			memset(var->reads, 0, rt_iteration.capacity * sizeof(*var->reads));
	} else {
		rt_remember_atomic(var, now);
	}
}

/*
 * Whether the thread has done the same in the same place and epoch, and nobody else has touched
 * the variable since: it finds what it found then. A loop over a variable that once was raced for
 * is as cheap as another.
 */
static inline bool rt_is_repeated(struct rt_more *more, struct rt_past now, enum rt_op op)
{
	const uint64_t epoch = rt_past_clock(now) | (uint64_t)rt_past_thread(now) << 32;
	uint64_t *place = &more->places[op == RT_OP_WRITE || op == RT_OP_ATOMIC_WRITE];

	if (more->epoch == epoch && *place == now.where)
		return true;
	if (more->epoch != epoch)
		more->places[0] = more->places[1] = 0;
	more->epoch = epoch;
	*place = now.where;
	return false;
}

#endif
