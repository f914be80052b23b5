/*
 * What the explorer saw of the places that a detector's report names: whether two
 * threads came to both of them, whether they were ever unordered there, and what
 * their order rested on.
 */
#ifndef RACEGATE_WITNESS_H
#define RACEGATE_WITNESS_H

#include "model/finding.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

// Means of ordering that some tools do not understand: X(ID, name in files, words).
#define MEANS_TABLE(X)                                                                             \
	X(ATOMICS, "atomics", "atomic operations")                                                 \
	X(FENCES, "fences", "atomic operations with fences")                                       \
	X(C11, "c11", "locks or flags of <threads.h>")                                             \
	X(RECOVERY, "recovery", "a robust mutex that was recovered from a dead owner")             \
	X(CANCELLATION, "cancellation", "a lock that a cancelled thread gave back")

enum means {
#define MEANS_ID(id, name, words) MEANS_##id,
	MEANS_TABLE(MEANS_ID)
#undef MEANS_ID
		MEANS_NR
};

const char *means_words(enum means means);

struct witness_place {
	char *file; // owned, as the debug information has it; NULL: there is no such place
	int line;
};

struct witness {
	struct witness_place places[2]; // in any order; the second is missing in some reports
	uint64_t schedules;             // that were tried to bring two threads there
	uint64_t met; // of them, in which they were both there, at one object (of one place: in
		      // which a thread was there)
	uint64_t contested;       // of them, in which the explorer itself found something there
	uint64_t means[MEANS_NR]; // of those that met, in which the order rested on this alone
};

struct witness_list {
	struct witness *items;
	size_t nr, alloc;
};

void witness_list_release(struct witness_list *list);

// Moves all entries of `from` to the end of the list.
void witness_list_take(struct witness_list *list, struct witness_list *from);

/*
 * Adds the question about a finding's places, all counts 0. False when nothing can be
 * asked: its kind has no places, no place has a source line, or it is there already.
 */
bool witness_ask(struct witness_list *list, const struct finding *finding);
// The entry of the same places; NULL: there is none.
const struct witness *witness_same(const struct witness_list *list, const struct witness *about);
// The answer about these places; NULL: there is none.
const struct witness *witness_about(const struct witness_list *list, const struct finding *finding);

json_t *witness_list_to_json(const struct witness_list *list); // new reference
// 0, or -1 when the JSON is none (`list` is empty then).
int witness_list_from_json(const json_t *json, struct witness_list *list);

#endif
