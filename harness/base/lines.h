/*
 * A 64-bit hash of the lines of a text, in whatever order they come: texts of the same lines have
 * the same one. The text may come in pieces. A last line without its newline is another line.
 */
#ifndef RACEGATE_LINES_H
#define RACEGATE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lines {
	uint64_t sum;  // of the lines that have ended
	uint64_t line; // hash of the one that has begun
	bool begun;
};

void lines_add(struct lines *lines, const char *bytes, size_t len);
uint64_t lines_hash(const struct lines *lines); // never 0

#endif
