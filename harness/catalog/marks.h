// `// RACE: object` marks: the lines of a source where the racing accesses are.
#ifndef RACEGATE_MARKS_H
#define RACEGATE_MARKS_H

#include "base/err.h"

#include <stddef.h>

struct race_mark {
	int line;
	char *object;
};

struct race_marks {
	struct race_mark *items;
	size_t nr, alloc;
};

// Appends the marks of `path`; an unreadable file or an empty mark is ERR_INPUT with its place.
int race_marks_load(const char *path, struct race_marks *marks, struct err *err);
void race_marks_release(struct race_marks *marks);
// The mark on that line, or NULL.
const struct race_mark *race_marks_find(const struct race_marks *marks, int line);

#endif
