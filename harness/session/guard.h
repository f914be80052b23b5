/*
 * Watches the folders in which tools write their logs while programs run that could write there,
 * too. A tool makes its logs and appends to them; what removes or renames one is the program.
 */
#ifndef RACEGATE_GUARD_H
#define RACEGATE_GUARD_H

#include <stddef.h>

struct guard {
	int fd; // of inotify; -1: it is not there, and nothing is seen
	struct {
		struct guarded {
			int id;
			char *what; // that happened there first, a clause; NULL: nothing
		} * items;
		size_t nr, alloc;
	} folders;
};

void guard_init(struct guard *guard);
void guard_release(struct guard *guard);

// Begins to watch the folder; its number, or -1.
int guard_add(struct guard *guard, const char *dir);
// Ends that; what has happened there, owned, or NULL.
char *guard_take(struct guard *guard, int id);

#endif
