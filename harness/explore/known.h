// What a campaign has found out.
#ifndef RACEGATE_KNOWN_H
#define RACEGATE_KNOWN_H

#include "explore/bounded.h"
#include "explore/schedule.h"
#include "model/finding.h"
#include "model/guarantee.h"

// What a schedule was found to show.
struct shown {
	uint64_t hash;            // fingerprint or outcome
	uint64_t iteration;       // the first, from 1
	struct schedule schedule; // empty: counted and no more, one of too many outcomes
	bool minimised;
	bool confirmed;       // two more runs of the schedule were the same, event by event
	char *divergence;     // why not; owned
	unsigned preemptions; // left after minimising
};

struct known_finding {
	struct shown shown;
	uint32_t kind; // enum rt_finding_kind
	struct finding finding;
};

struct known_outcome {
	struct shown shown;
	char *text;     // as the judge writes outcomes: "balance 3", "[hang]"
	bool ended;     // by itself, whatever its exit status
	int code;       // exit status, when it did
	char *err;      // the end of its stderr when that is not 0; NULL: none; owned
	char *limit;    // that ended it; NULL: none did; owned
	uint64_t lines; // as in struct explored_outcome
	enum rt_ending ending;
};

struct known {
	struct {
		struct known_finding *items;
		size_t nr, alloc;
	} findings;
	struct {
		struct known_outcome *items;
		size_t nr, alloc;
	} outcomes;
	uint64_t done; // iterations
	uint64_t most_steps, all_steps, most_threads;
	bool processes;
	bool doubtful;              // an outcome could not be shown again
	size_t kept_entries;        // of the schedules of outcomes beyond the first few
	struct guarantee guarantee; // but for the text of the search
	struct policy_stats dfs;
	struct bounded bounded; // what depth-first search has done
};

void shown_release(struct shown *shown);
void known_release(struct known *known);

/*
 * Iterations that showed what the hash stands for, as a table of the runtime has
 * counted them; 1 when it was full, as each was taken for a new one then.
 */
uint64_t known_count(const struct rt_known *table, uint64_t hash);

#endif
