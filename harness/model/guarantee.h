/*
 * What an exploration has shown beyond its findings: how many schedules of which
 * policy were tried, and what follows for bugs that they did not show.
 */
#ifndef RACEGATE_GUARANTEE_H
#define RACEGATE_GUARANTEE_H

#include <jansson.h>
#include <stdint.h>

enum { GUARANTEE_MOST_DEPTH = 16 };

// How often a policy was used.
struct policy_stats {
	uint64_t iterations;
	uint64_t steps;   // the most of an iteration: k
	uint64_t threads; // likewise: n
};

// Schedules that were ended because they reached a limit.
struct guarantee_cut {
	uint64_t schedules, limit;
};

struct guarantee {
	struct policy_stats random, pos, pct[GUARANTEE_MOST_DEPTH + 1]; // PCT by depth, from 1
	struct guarantee_cut long_ones;                                 // steps
	struct guarantee_cut slow_ones;                                 // seconds of real time
	char *search; // of a depth-first search, in words; NULL: there was none; owned
};

void guarantee_release(struct guarantee *guarantee); // ready for use again
// Another campaign over the same program; of `from` nothing is taken over.
void guarantee_add(struct guarantee *guarantee, const struct guarantee *from);
// One text, "" when nothing was tried. Owned.
char *guarantee_text(const struct guarantee *guarantee);

json_t *guarantee_to_json(const struct guarantee *guarantee); // new reference
// What is missing or no number counts nothing.
void guarantee_from_json(const json_t *json, struct guarantee *guarantee);

#endif
