/*
 * What orders two steps of a traced iteration. The runtime has said whether a race
 * was found; this says by what means the threads were ordered when none was.
 *
 * The answer is on the safe side: operations on one object count as an order even
 * when they are none, so "only by atomics" is never said of steps that something
 * else orders as well.
 */
#ifndef RACEGATE_EXPLORE_ORDER_H
#define RACEGATE_EXPLORE_ORDER_H

#include "model/witness.h"
#include "rt/protocol.h"

typedef uint32_t means_set;
#define MEANS_BIT(means) ((means_set)1 << (means))

// Objects whose operations are of one means, and the threads of the iteration. It is small.
struct order {
	const struct rt_shared *shared;
	struct {
		struct order_object {
			uint64_t address;
			means_set means;
		} * items;
		size_t nr, alloc;
	} objects;
};

// Reads the marks of the last iteration, which was traced.
void order_init(struct order *order, const struct rt_shared *shared);
void order_release(struct order *order);

// What marks say of the object at this address; 0: nothing.
means_set order_means_of(const struct order *order, uint64_t address);

/*
 * The means each of which alone orders event `from` before event `to` (of two threads):
 * without it nothing leads from one to the other. 0: none does.
 */
means_set order_rests_on(const struct order *order, uint32_t from, uint32_t to);

#endif
