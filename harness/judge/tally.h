/*
 * The sum of many runs of one target under one tool. A cell grows with the
 * number of different outcomes and of campaigns, not with the number of runs.
 */
#ifndef RACEGATE_TALLY_H
#define RACEGATE_TALLY_H

#include "catalog/catalog.h"
#include "judge/assess.h"
#include "judge/time_to_detection.h"
#include "tool/toolchain.h"

struct outcome_count {
	char *text;
	uint64_t hash, bytes; // of its output; hash 0: the text is all there is
	uint64_t count;
	uint64_t first_run;
	uint64_t first_seed;
	enum grade grade;
	bool listed;
	bool undecided; // it was cut off: no result of the program
	// That shows it with the fewest preemptions: a file below the session; NULL: none.
	char *schedule;
	uint64_t preemptions; // of the schedule
};

// Results that print the same lines, in whatever order, and end in the same way.
struct line_sets {
	struct line_set {
		uint64_t hash;
		uint64_t count; // of runs
	} * items;
	size_t nr, alloc;
	bool unknown; // of some runs; or there was no room for them
};

// Runs of one build of the tool: for plain runs the compiler's optimisation is part of the bug.
struct build_count {
	char *name; // "O0"; NULL: none
	uint64_t runs, bug_runs;
};

struct cell {
	const struct target *target; // borrowed
	enum tool_id tool;
	uint64_t runs;         // all that ended
	uint64_t detected;     // the tool reported the case's bug
	uint64_t diverged;     // the outcome was interesting or forbidden
	uint64_t bug_runs;     // either
	uint64_t unlisted;     // the outcome is forbidden
	uint64_t unexpected;   // the tool reported something else
	uint64_t noted;        // the tool reported only what is not severe enough to count
	uint64_t disputed;     // all that the tool reported is disputed or refuted
	uint64_t inconclusive; // nothing can be said of the run
	uint64_t failed;       // one's own program exited with a status that is a failure
	uint64_t skipped;      // it said by its exit status that it did nothing
	// Runs, or campaigns, in which two threads or processes were alive together; in which never
	// more than one was; of the others it is not known.
	uint64_t concurrent, alone;
	uint64_t records;             // runs, or campaigns
	struct program_list programs; // that the tool saw, when it was built elsewhere
	uint64_t undecided; // schedules that a limit ended, of campaigns that say something
	// Words for the first of each.
	char *first_surprise, *first_unlisted, *first_note, *first_inconclusive, *first_undecided;
	char *first_failed, *first_alone;
	uint64_t first_detection; // runs up to the first that detected it (native: that showed it),
				  // 0: none
	int64_t wall_ns, cpu_ns;  // sums
	struct {
		struct outcome_count *items;
		size_t nr, alloc; // most frequent first after cell_sort
	} outcomes;
	struct line_sets lines;         // of all results, also of those that found no room above
	struct campaign_list campaigns; // the explorer's
	struct build_count builds[MAX_BUILDS];
	uint64_t left_runs;         // after which processes were left
	char *first_left;           // which, after the first of them
	struct guarantee guarantee; // of the explorer's campaigns together
	uint64_t other_outcomes;    // runs whose outcome found no room in the table any more
};

void cell_init(struct cell *cell, const struct target *target, enum tool_id tool);
void cell_release(struct cell *cell);
void cell_add(struct cell *cell, const struct record *record); // assesses the run and counts it
void cell_sort(struct cell *cell);
// Schedules of several policies, or of a search, are no samples: what they show has no rate.
bool cell_has_rate(const struct cell *cell);
/*
 * Different outcomes that were seen, and how many of them are results of the program; at least,
 * when there are other_outcomes.
 */
size_t cell_outcomes(const struct cell *cell);
size_t cell_results(const struct cell *cell);

#endif
