/*
 * What runs for a campaign or a replay: the warmed process, with what each
 * request to it has in common and how its addresses become places in the source.
 */
#ifndef RACEGATE_RUNNING_H
#define RACEGATE_RUNNING_H

#include "explore/finding_from_rt.h"
#include "explore/schedule.h"
#include "explore/warm.h"
#include "model/explore_terms.h"

struct running {
	struct warm warm;
	struct translator translator;
	unsigned threads;   // that are prepared
	uint64_t max_steps; // of an iteration
	unsigned wall_ms;   // likewise
	struct explore_terms terms;
};

#define RUNNING_INIT                                                                               \
	{                                                                                          \
		.warm = WARM_INIT                                                                  \
	}

void running_release(struct running *running);

// One iteration of the policy that leaves the counts alone. The caller may change it.
struct request running_request(const struct running *running, enum rt_policy_id policy);
// The same, following the schedule, which is borrowed.
struct request running_replay(const struct running *running, const struct schedule *schedule);
// The steps of all sites of the findings are watched, as many as there is room for.
void request_watch(struct request *request, const struct rt_finding *findings, uint32_t nr);

// The finding of this fingerprint as the last iteration saw it; NULL: it did not.
const struct rt_finding *running_found(const struct running *running, uint64_t fingerprint);
// Whether the last iteration showed the outcome, or the finding.
bool running_shows(const struct running *running, uint64_t hash, bool outcome);
// The end of what the last iteration wrote to stderr, owned, when it ended with another exit
// status than 0 or had one thread only; else NULL.
char *running_errors(const struct running *running);
// The limit that ended the last iteration, so that its outcome says nothing; NULL: none did.
const char *running_limit(const struct running *running);
// The last iteration's outcome as the judge writes outcomes, owned.
char *running_outcome(const struct running *running);
// Of the lines that it printed, in any order, and of its ending; never 0.
uint64_t running_lines(const struct running *running);

// The last iteration needed more threads than were prepared: true, and it can be repeated with
// more.
bool running_prepare_more(struct running *running);
/*
 * A program that computes much, and does not only wait, comes to its end with more steps than
 * usual: then all iterations may take `may_steps`. Tried with one that is not counted.
 */
int running_find_max_steps(struct running *running, uint64_t may_steps, struct err *err);

#endif
