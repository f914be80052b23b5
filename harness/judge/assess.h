// Grades one run against its case. Pure; the plan of a session stops early by it.
#ifndef RACEGATE_ASSESS_H
#define RACEGATE_ASSESS_H

#include "catalog/catalog.h"
#include "model/record.h"

#include <stdbool.h>

struct assessment {
	enum grade grade; // of the outcome; acceptable for a user's program that ended well
	bool listed;      // the outcome is in the case's table
	bool diverged;    // the outcome is interesting or forbidden
	bool failed;      // one's own program exited with a status that is a failure
	bool skipped;     // it says by its exit status that it did nothing
	bool undecided;   // it was cut off before it could show a result; `inconclusive` says why
	bool detected;    // the tool reported the bug that the case is about
	bool noted;       // it reported what is not severe enough to count
	bool unexpected;  // the tool reported something else, or anything at all of a fixed variant
	const struct finding
		*surprise;          // the first such report, borrowed from the record; else NULL
	const struct finding *note; // likewise, the first of `noted`
	char *inconclusive;         // owned; why nothing can be said of this run; else NULL
	uint64_t first; // a campaign's schedule that showed what its case wants; 0: none did
};

/*
 * Grades a run. Of a campaign of the explorer `first` is the first schedule, from
 * 1, that showed what the case expects: a finding of its own (detects), an outcome
 * that is not acceptable (diverges), either where it expects nothing. For native the harness's own
 * findings (deadlock, hang, crash) count as the tool's. A data race counts as the case's when one
 * of its accesses is on a line marked RACE. Without a case every finding is `detected`.
 */
void assess(const struct target *target, const struct record *record, struct assessment *a);
void assessment_release(struct assessment *a);

struct graded_end {
	enum grade grade;
	bool failed, skipped, undecided; // as above
};

/*
 * What the outcome of one of a campaign's schedules deserves. One that a limit ended is
 * undecided, unless the case lists it; it is graded as acceptable then.
 */
struct graded_end explored_grade(const struct target *target,
				 const struct explored_outcome *outcome);

// What counts for a rate: a detector's own report; of plain runs whatever shows.
bool assessment_is_hit(enum tool_id tool, const struct assessment *a);

/*
 * The run shows what its case wants of the tool: a report, or an outcome that
 * shows the bug. An inconclusive run does not, whatever else it shows: another
 * run replaces it.
 */
bool assessment_answers(const struct target *target, enum tool_id tool, const struct assessment *a);

#endif
