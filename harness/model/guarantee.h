/*
 * What an exploration has shown beyond its findings: how many schedules of which
 * policy were tried, and what follows for bugs that they did not show.
 */
#ifndef RACEGATE_GUARANTEE_H
#define RACEGATE_GUARANTEE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

// How often a policy was used, at one depth.
struct policy_stats {
	char *policy;   // its title, as texts name it; owned
	unsigned depth; // PCT's bound for bugs of this depth holds; 0: only that of a sample
	uint64_t iterations;
	uint64_t steps;   // k: the most of an iteration
	uint64_t drawn;   // of the iterations, those that were drawn with that k, not a smaller one
	uint64_t threads; // n: the most of an iteration
	uint64_t irregular; // iterations with what PCT's theorem does not know: rests and the like
};

// Schedules that were ended because they reached a limit.
struct guarantee_cut {
	uint64_t schedules, limit;
};

struct guarantee {
	struct {
		struct policy_stats *items; // in order of their depth
		size_t nr, alloc;
	} policies;
	struct guarantee_cut long_ones; // steps
	struct guarantee_cut slow_ones; // seconds of real time
	bool whole;     // no schedule of the program is left: what was not found is not there
	char *left_out; // what was not tried by request, in words; NULL: nothing; owned
	char *own;      // functions that the program has in place of controlled ones; NULL; owned
	char *search;   // of a depth-first search, in words; NULL: there was none; owned
};

// The entry of a policy at a depth, made when there is none; valid until another is made.
struct policy_stats *guarantee_stats(struct guarantee *guarantee, const char *policy,
				     unsigned depth);
// So many more iterations, drawn with this k. None: an iteration had so many steps.
void policy_stats_draw(struct policy_stats *stats, uint64_t steps, uint64_t iterations);
// Whether these schedules, all there were, are samples of one policy: only then they have a rate.
bool guarantee_samples(const struct guarantee *guarantee, uint64_t schedules);
void guarantee_release(struct guarantee *guarantee); // ready for use again
// Another campaign over the same program; of `from` nothing is taken over.
void guarantee_add(struct guarantee *guarantee, const struct guarantee *from);
// One text, "" when nothing was tried. Owned.
char *guarantee_text(const struct guarantee *guarantee);

json_t *guarantee_to_json(const struct guarantee *guarantee); // new reference
// What is missing or not a number counts nothing.
void guarantee_from_json(const json_t *json, struct guarantee *guarantee);

#endif
