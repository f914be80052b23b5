// How a run ended.
#ifndef RACEGATE_ENDING_H
#define RACEGATE_ENDING_H

#include "base/strbuf.h"

#include <stdint.h>

enum ending_how {
	ENDING_EXIT,        // code: exit status
	ENDING_SIGNAL,      // code: signal number
	ENDING_HANG,        // no thread could run any more, or its time was up while it was idle
	ENDING_TIMEOUT,     // its time was up while it was busy
	ENDING_LIMIT,       // ended because it broke a limit: see `limit`
	ENDING_NOT_STARTED, // see `error`
};

const char *
ending_name(enum ending_how how); // "exit", "signal", "hang", "timeout", "limit", "not-started"
int ending_from_name(const char *name); // -1 when there is none of that name

/*
 * Adds how a run ended, as outcomes say it, after a space when `text` holds
 * something: "[exit 2]", "[signal SIGSEGV]", "[hang]", "[timeout]", "[limit
 * memory]". Nothing is said of exit 0. `limit` may be NULL.
 */
void ending_add_text(enum ending_how how, int code, const char *limit, struct strbuf *text);

/*
 * Adds what stands for the rest of a result that is too long to be shown, or that looks like
 * another one: "... [70000 bytes, hash 0123456789abcdef]". Results are compared whole.
 */
void outcome_add_cut(uint64_t bytes, uint64_t hash, struct strbuf *text);

#endif
