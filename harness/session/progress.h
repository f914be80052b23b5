/*
 * Progress on stderr: a live bar on a terminal, plain lines otherwise, nothing
 * with --quiet. Results go to stdout and are no business of this file.
 */
#ifndef RACEGATE_PROGRESS_H
#define RACEGATE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool live, quiet;
	int width; // of the terminal
	int64_t started_ns;
	uint64_t runs; // ended so far
	bool drawn;    // a bar stands on the last line
};

void progress_start(struct progress *progress, bool quiet);
// A line of its own, above the bar if there is one.
void progress_line(struct progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
// Draws the bar anew: share done (0 to 1), what is going on, at most `deadline_ns` more (0:
// unknown).
void progress_bar(struct progress *progress, double done, const char *what);
void progress_end(struct progress *progress);

#endif
