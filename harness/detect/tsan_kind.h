// What ThreadSanitizer calls its reports, as data and in print.
#ifndef RACEGATE_TSAN_KIND_H
#define RACEGATE_TSAN_KIND_H

#include "model/record.h"

#include <stdbool.h>

struct tsan_kind {
	const char *id;    // in __tsan_get_report_data
	const char *words; // after "WARNING: ThreadSanitizer: "
	enum finding_kind means;
	enum access_op op; // what the thread does where the report is about a call
};

// The row of an identifier; a row that means KIND_OTHER when TSan has learned a new one.
const struct tsan_kind *tsan_kind_of_id(const char *id);
// The row of printed words (all of them, without the "(pid=...)").
const struct tsan_kind *tsan_kind_of_words(const char *words);

/*
 * A line that TSan prints where it says at its end what was suppressed: "Matched 1 suppressions",
 * then "1 race:f" for each. `inside` is kept by the caller, false at first. False: another line.
 */
bool tsan_suppressed(const char *line, bool *inside, struct record *record);

// The function that allocated a block names it: "heap block from make_queue", or NULL.
char *tsan_heap_name(const struct stack *allocation);

/*
 * The locks of an access as TSan prints them, "(mutexes: write M0, read M1)":
 * calls `take` with each number. Returns how many there were.
 */
size_t tsan_lock_set(const char *line, void (*take)(void *ctx, unsigned long number), void *ctx);

// Whether a printed line is "Write of size 8 at 0x... by thread T2 (mutexes: ...):" or the like.
bool tsan_is_memory_operation(const char *line);

/*
 * TSan's own end: "FATAL: ThreadSanitizer: ...", a failed CHECK, or a fault of
 * the program that TSan caught ("ERROR: ThreadSanitizer: SEGV on ...").
 */
bool tsan_is_failure(const char *line);
void tsan_add_failure(const char *line, struct finding_list *out);

#endif
