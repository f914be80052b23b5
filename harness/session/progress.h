/*
 * Progress on stderr: a live bar on a terminal and lines for what was detected,
 * otherwise a line for each finished cell; nothing with --quiet.
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
	bool drawn;    // the last line is a bar
};

void progress_start(struct progress *progress, bool quiet);
// A line of its own, above the bar if there is one.
void progress_line(struct progress *progress, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
// Redraws the bar: the share done (0 to 1) and what is going on.
void progress_bar(struct progress *progress, double done, const char *what);
void progress_end(struct progress *progress);

#endif
