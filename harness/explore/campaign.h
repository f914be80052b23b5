/*
 * A campaign: many iterations of one program under a portfolio of policies, and
 * for each new finding and outcome a schedule that shows it again.
 */
#ifndef RACEGATE_CAMPAIGN_H
#define RACEGATE_CAMPAIGN_H

#include "base/err.h"
#include "explore/bounded.h"
#include "explore/schedule.h"
#include "explore/translate.h"
#include "explore/warm.h"
#include "model/finding.h"
#include "model/guarantee.h"

enum { CAMPAIGN_MOST_PREEMPTIONS = 1000 };

enum strategy {
	STRATEGY_ALL,
	STRATEGY_RANDOM,
	STRATEGY_PCT,
	STRATEGY_POS,
	STRATEGY_DFS,
	STRATEGY_NR
};

struct campaign_options {
	const char *const *argv; // the program, NULL-terminated
	const char *target;      // its id, for the schedules
	const char *built;       // what racegate was told to build it with; NULL: nothing
	enum strategy strategy;
	unsigned depth;       // PCT; 0: 1 to 4 in turn
	bool bounded;         // depth-first search: `preemptions` was asked for
	unsigned preemptions; // at most; not bounded: as far as the schedules go
	uint64_t iterations;
	uint64_t search; // of them, at most, for depth-first search when all policies have turns
	uint64_t seed;
	uint64_t max_steps; // of an iteration
	uint64_t all_steps; // of all: then there are no more, and fewer where there are processes;
			    // 0: as many as they have
	unsigned wall_ms;   // for one iteration
	bool as_found;      // schedules are not reduced to the fewest preemptions
	int stop;           // readable: come to an end; 0: there is no such descriptor
};

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

struct campaign_finding {
	struct shown shown;
	uint32_t kind; // enum rt_finding_kind
	struct finding finding;
};

struct campaign_outcome {
	struct shown shown;
	char *text; // as the judge writes outcomes: "balance 3", "[hang]"
	bool ended; // by itself, whatever its exit status
	enum rt_ending ending;
};

struct campaign {
	const struct campaign_options *options;
	struct warm warm;
	struct translator translator;
	uint64_t done;
	unsigned prepared; // threads
	uint64_t most_steps, all_steps;
	uint64_t reducing_steps; // of the trials that minimise.c and survey.c have made
	unsigned most_threads;
	bool processes;
	struct guarantee guarantee; // but for the words of the search
	struct policy_stats dfs;
	struct bounded bounded; // what depth-first search has done
	char *program_hash;
	bool doubtful;         // an outcome could not be shown again
	size_t kept_entries;   // of the schedules of outcomes beyond the first few
	struct survey *survey; // of short schedules; NULL: nothing had to be minimised
	struct {
		struct campaign_finding *items;
		size_t nr, alloc;
	} findings;
	struct {
		struct campaign_outcome *items;
		size_t nr, alloc;
	} outcomes;
};

/*
 * Runs it. 0, or -1 with `err` when the program could not be explored; what was
 * found until then stays. To be stopped is no error: warm.stopped says so, and
 * what could not be followed again any more is left out. Release it in either
 * case.
 */
int campaign_run(struct campaign *campaign, const struct campaign_options *options,
		 struct err *err);
void campaign_release(struct campaign *campaign);

// Iterations that ended with the outcome, as counted so far.
uint64_t campaign_count(const struct campaign *campaign, const struct shown *outcome);
// Iterations that showed the finding.
uint64_t campaign_hits(const struct campaign *campaign, const struct shown *finding);

// Takes and proves all that the last iteration, by this policy, showed for the first time.
int campaign_take_news(struct campaign *campaign, enum rt_policy_id policy, struct err *err);
// Takes the sizes of the last request's iterations into the statistics of their policy.
void campaign_note_sizes(struct campaign *campaign, struct policy_stats *stats);
// The last iteration needed more threads than were prepared: it can be repeated with more.
bool campaign_prepare_more(struct campaign *campaign);

/* words.c */

// The last iteration's outcome as the judge writes outcomes, owned.
char *campaign_outcome_text(const struct campaign *campaign);

// What a schedule of the finding says it shows: "data-race at racy.c:12, racy.c:30", owned.
char *campaign_words(const struct finding *finding);
// "pct"; what follows a schedule is "replay".
const char *campaign_policy_name(enum rt_policy_id policy);

/* guarantee.c */

// What the campaign is worth. Its `search` is the caller's.
struct guarantee campaign_guarantee(const struct campaign *campaign);

/* minimise.c */

/*
 * Finds a schedule with as few preemptions as still show `hash` (a finding's
 * fingerprint, or an outcome when `outcome`), by the survey of short schedules
 * or, where that shows no way, by delta debugging over the deviations (Zeller,
 * Hildebrandt, Simplifying and Isolating Failure-Inducing Input, TSE 2002).
 * `entries` is replaced. Leaves it alone when nothing is gained.
 */
int minimise(struct campaign *campaign, uint64_t hash, bool outcome, struct schedule *schedule,
	     struct err *err);

/* no_return.c */

/*
 * Marks in the schedules of the campaign the step after which nothing else was
 * seen any more (struct no_return): of findings other than data races, which most
 * continuations show, and of outcomes that take a preemption or are no end of
 * the program's own; as far as some schedule of the campaign did without them and
 * the schedule was minimised. 0, or -1 with `err`.
 */
int campaign_no_return(struct campaign *campaign, struct err *err);

/* selfcheck.c */

/*
 * The last iteration replayed the loaded schedule: did it give these events, and
 * this outcome (0: any)? When not, follows it some more times and says in
 * `*words`, owned, at which step its runs differ, what each did there and where;
 * when they do not differ, that. NULL: all is well, nothing was followed. 0, or
 * -1 with `err`.
 */
int campaign_divergence(struct campaign *campaign, uint64_t event_hash, uint64_t outcome,
			char **words, struct err *err);

/* confirm.c */

/*
 * Follows the schedule once and stores its event hash; again, and compares. The
 * sites at the steps that `finding` names (NULL: none) are in
 * warm.shared->result.watched afterwards.
 */
int confirm(struct campaign *campaign, struct shown *shown, const struct rt_finding *finding,
	    struct err *err);
// Puts the schedule's entries into the request, to be replayed once.
void campaign_load(struct campaign *campaign, const struct schedule *schedule);
// The first `nr` watches of the request, in no order so far, are all of them.
void campaign_sort_watches(struct rt_request *request, uint32_t nr);
// A request of one iteration that leaves the counts alone.
int campaign_once(struct campaign *campaign, enum rt_policy_id policy, struct err *err);
// The finding of this fingerprint as the last iteration saw it; NULL: it did not.
const struct rt_finding *campaign_found(const struct campaign *campaign, uint64_t fingerprint);
// Whether the last iteration showed it.
bool campaign_shows(const struct campaign *campaign, uint64_t hash, bool outcome);

#endif
