// A decision of a schedule that was run, with the alternatives to it.
#ifndef RACEGATE_NODE_H
#define RACEGATE_NODE_H

#include "rt/protocol.h"

enum { NODE_THREADS = 64, NODE_NOBODY = UINT16_MAX + 1 };

struct node {
	struct rt_decision decision; // `chosen`: the alternative that is being tried
	uint32_t first;              // what was chosen at first
	uint32_t next;               // number of the alternative to try next
	unsigned spent;              // preemptions of the schedule up to here
};

static inline struct node node_of(const struct rt_decision *decision, unsigned spent)
{
	return (struct node){ .decision = *decision, .first = decision->chosen, .spent = spent };
}

/*
 * The next alternative, as `chosen` would have it: the threads that were ready, then
 * RT_VALUE where a deadline could come early; or the other choices; or RT_SPURIOUS.
 * NODE_NOBODY: there are no more.
 */
static inline uint32_t node_next(struct node *node)
{
	const struct rt_decision *d = &node->decision;
	const uint32_t end = d->choices ? d->choices : NODE_THREADS;

	for (; node->next < end; node->next++)
		if (node->next != node->first && (d->choices || d->ready >> node->next & 1))
			return node->next++;
	if (node->next++ > end || (d->choices ? d->choices > 1 : !d->timed))
		return NODE_NOBODY;
	return d->choices ? RT_SPURIOUS : RT_VALUE;
}

#endif
