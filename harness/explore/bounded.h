/*
 * Depth-first search with a bound on preemptions: all schedules without any, then
 * all with one, with two, ... (see bounded.c).
 */
#ifndef RACEGATE_BOUNDED_H
#define RACEGATE_BOUNDED_H

#include "explore/budget.h"
#include "explore/node.h"
#include "explore/warm.h"

// Why not every schedule of a bound was run, and run to its end; bits.
enum bounded_gap {
	GAP_SCHEDULES = 1 << 0, // the budget of schedules was used up
	GAP_STEPS = 1 << 1,     // the budget of steps was used up
	GAP_CUT = 1 << 2,       // a schedule was ended by a limit of the runtime
	GAP_DECISIONS = 1 << 3, // it made more decisions than are recorded
	GAP_THREADS = 1 << 4,   // it had more threads than a decision can tell apart
	GAP_RESTS = 1 << 5,     // a thread that yielded or only re-read was set back
	GAP_INPUT = 1 << 6,     // the same decisions led elsewhere
	GAP_STOPPED = 1 << 7,   // it was told to stop
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

struct bounded_search {
	struct bounded done;
	struct budget budget; // of schedules; the caller counts the steps
	unsigned most;        // preemptions
	// Repeated runs count, and no bound is begun that the budget does not allow to complete.
	bool cheap;
	struct {
		struct node *items;
		size_t nr, alloc;
	} path;
	struct rt_entry *schedule; // of the path
	uint64_t pruned;           // alternatives that cost too much for the bound
	bool begun, over;
};

/*
 * The next schedule, into the request: what is followed, without repeating the
 * counts where the schedule is one of an earlier bound. False: the search is over.
 */
bool bounded_next(struct bounded_search *search, struct request *request);
/*
 * The schedule was run, to the result in `shared`. True: for the first time, it is
 * one more of the schedules.
 */
bool bounded_learn(struct bounded_search *search, const struct rt_shared *shared);
void bounded_release(struct bounded_search *search);

#endif
