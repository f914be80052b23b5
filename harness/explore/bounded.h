/*
 * Depth-first search with a bound on preemptions: all schedules without any, then
 * all with one, with two, ... (see bounded.c).
 */
#ifndef RACEGATE_BOUNDED_H
#define RACEGATE_BOUNDED_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct campaign;

// Why not every schedule of a bound was run, and run to its end; bits.
enum bounded_gap {
	GAP_SCHEDULES = 1 << 0, // as many as were asked for were run before
	GAP_STEPS = 1 << 1,     // a long program: so many steps are enough
	GAP_CUT = 1 << 2,       // a schedule was ended by a limit of the runtime
	GAP_DECISIONS = 1 << 3, // it made more decisions than are recorded
	GAP_THREADS = 1 << 4,   // it had more threads than a decision can tell apart
	GAP_RESTS = 1 << 5,     // a thread that yielded or only re-read had to let others go first
	GAP_INPUT = 1 << 6,     // the same decisions led elsewhere
	GAP_STOPPED = 1 << 7,   // its time was up
};

// What the search has done.
struct bounded {
	uint64_t schedules; // that were run, each counted once
	uint64_t repeated;  // runs of theirs again, under later bounds
	unsigned reached;   // the bound that was worked on last
	int complete;       // every schedule with at most so many preemptions was run to its end;
			    // -1: not even those without any
	uint64_t completed; // so many schedules those are
	bool all;           // no schedule has more
	unsigned gaps;      // enum bounded_gap: why it did not get further
};

struct bounded_limits {
	uint64_t schedules; // at most
	uint64_t steps;     // of all of them together; the one in which it ends is run to its end
	bool cheap;         // repeated runs count, and no bound is begun that they are too few for
};

/*
 * Searches; bounds, findings and outcomes are added to the campaign's. 0, or -1
 * with `err` when the program could not be explored.
 */
int bounded_search(struct campaign *campaign, const struct bounded_limits *limits, struct err *err);

#endif
