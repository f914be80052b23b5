/*
 * What an exploration is worth beside what it found: how many schedules of
 * which policy were tried, and what follows for what they did not show.
 */
#ifndef RACEGATE_CLAIM_H
#define RACEGATE_CLAIM_H

#include <jansson.h>
#include <stdint.h>

enum { CLAIM_MOST_DEPTH = 16 };

// How often a policy was used.
struct claim_share {
	uint64_t iterations;
	uint64_t steps;   // the most of an iteration: k
	uint64_t threads; // likewise: n
};

// Schedules that were ended because they reached a limit.
struct claim_cut {
	uint64_t schedules, limit;
};

struct claim {
	struct claim_share random, pos, pct[CLAIM_MOST_DEPTH + 1]; // PCT by depth, from 1
	struct claim_cut long_ones;                                // steps
	struct claim_cut slow_ones;                                // seconds of real time
	char *search; // of a depth-first search, in words; NULL: there was none; owned
};

void claim_release(struct claim *claim); // ready for use again
// Another campaign over the same program; of `from` nothing is taken over.
void claim_add(struct claim *claim, const struct claim *from);
// One text, "" when nothing was tried. Owned.
char *claim_words(const struct claim *claim);

json_t *claim_to_json(const struct claim *claim); // new reference
// What is missing or no number counts nothing.
void claim_from_json(const json_t *json, struct claim *claim);

#endif
