/*
 * Claims about time that the seed documents make of Python's processes, threads
 * and coroutines, measured again in C.
 *
 * A claim is a constant table: its variants, which are measured in turn, round
 * after round, and its parts, each of which says how the times of two variants
 * compare. Adding a claim is one file with such a table and a line in table.c.
 */
#ifndef RACEGATE_CLAIM_H
#define RACEGATE_CLAIM_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { CLAIM_MAX_VARIANTS = 8, CLAIM_MAX_PARTS = 6 };

// How much work a measurement does.
struct scale {
	int64_t second_ns; // how long we sleep for one second of the seed
	long loop_steps;   // of a worker that computes
	long turn_steps;   // of these, between two moments in which it lets go of the one lock
	long lock_steps;   // of a worker that takes a lock for each
	long makes;        // processes, threads, coroutines made and ended
	long round_trips;  // there and back between two of them
};

extern const struct scale claim_scale;

// One measurement of one variant.
struct sample {
	double seconds; // wall time, of one operation where a variant does many
	double cpus;    // CPU time per wall time: how many CPUs it had on average
};

struct claim_variant {
	const char *what;
	double seed_seconds; // what the seed measured; 0: the seed has no such figure
	size_t base;         // ratios in the table are against this variant
	int (*measure)(const struct scale *scale, const void *arg, struct sample *sample,
		       struct err *err);
	const void *arg; // of measure
};

/*
 * When a ratio confirms a part. Between the two bounds a ratio is neither: a part
 * is decided only if the whole interval of its ratio lies on one side.
 */
struct bounds {
	enum { AT_MOST, AT_LEAST } side;
	double holds; // on this side of it the part holds
	double fails; // on the other side of it it does not
};

// Half the time would be 0.5, no gain 1: up to a third of the way it is a half, from two
// thirds on no gain.
#define HALF                                                                                       \
	{                                                                                          \
		AT_MOST, 0.67, 0.83                                                                \
	}
#define NO_GAIN                                                                                    \
	{                                                                                          \
		AT_LEAST, 0.83, 0.67                                                               \
	}
// Thirds again, on the way from n rounds to n + 1.
#define ROUNDS(n)                                                                                  \
	{                                                                                          \
		AT_MOST, (n) + 0.33, (n) + 0.67                                                    \
	}
// "Much" is vague: less than one and a half is not, twice is.
#define MUCH_MORE                                                                                  \
	{                                                                                          \
		AT_LEAST, 2, 1.5                                                                   \
	}

struct claim_part {
	const char *what;     // as a sentence without a full stop
	size_t of, to;        // its ratio: variants[of] : variants[to]
	struct bounds bounds; // HALF, NO_GAIN, ...
	int needs_cpus;       // what `of` has to have had for a decision; 0: any number
	const char *why_not;  // without a full stop: why it does not hold, when it does not
};

struct seed_reference {
	const char *file, *section;
	const char *figures; // what it measured, in seconds
};

struct claim {
	const char *name, *title;
	const struct seed_reference *seeds;
	size_t nr_seeds;
	const char *unit; // of measured times
	double per_second;
	const struct claim_variant *variants;
	size_t nr_variants;
	const struct claim_part *parts;
	size_t nr_parts;
	const char *why; // without a full stop: why it holds in C, when all parts do
};

// The tables of a claim's own file.
#define CLAIM_TABLES                                                                               \
	.seeds = seeds, .nr_seeds = ARRAY_SIZE(seeds), .variants = variants,                       \
	.nr_variants = ARRAY_SIZE(variants), .parts = parts, .nr_parts = ARRAY_SIZE(parts)

// All of them, in the order in which they are shown.
extern const struct claim *const claims[];
extern const size_t nr_claims;

const struct claim *claim_find(const char *name); // NULL: there is none

extern const struct claim claim_cpu_bound, claim_io_bound, claim_lock_cost, claim_pool_rounds,
	claim_create_cost;

#endif
