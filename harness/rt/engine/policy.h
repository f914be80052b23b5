/*
 * Which thread runs next, and whether what may happen does: one policy for an
 * iteration, each in a file of its own.
 */
#ifndef RACEGATE_RT_POLICY_H
#define RACEGATE_RT_POLICY_H

#include "engine/ready.h"

struct rt_policy {
	void (*begin)(void);                      // of an iteration; NULL: nothing to do
	void (*thread)(struct rt_thread *thread); // a new thread; NULL: nothing to do
	// The next to run, of those that are ready (at least one is).
	unsigned (*pick)(void);
	// Whether the next deadline is reached before its time; NULL: sometimes, by chance.
	bool (*early)(void);
	// Whether a wait that may end without a signal does; NULL likewise.
	bool (*spurious)(void);
	// One of 0 .. n - 1; NULL: at random.
	unsigned (*choose)(unsigned n);
};

#define ROW(id, name, title, use, least, most, slots, description)                                 \
	extern const struct rt_policy rt_policy_##name;
RT_POLICY_TABLE(ROW)
#undef ROW

#endif
