/*
 * A session folder: everything that its runs leave on disk, at once and
 * append-only, so that no crash loses what was seen.
 */
#ifndef RACEGATE_STORE_H
#define RACEGATE_STORE_H

#include "base/err.h"

#include <jansson.h>

struct store {
	char *dir;   // the session folder
	char *work;  // private folder for the evidence of runs under way, mode 0700
	int runs_fd; // runs.jsonl, append-only
};

#define STORE_INIT                                                                                 \
	{                                                                                          \
		.runs_fd = -1                                                                      \
	}

/*
 * Makes the session folder. `dir` NULL: a new reports/<time> below `root`, and
 * reports/latest points to it. A folder that already holds a session is
 * ERR_INPUT: nothing is overwritten.
 */
int store_create(struct store *store, const char *root, const char *dir, struct err *err);
// Removes the work folder and closes; what was stored stays.
void store_release(struct store *store);

// Appends one line in a single write. A full disk is an error here, not a lost run.
int store_append(struct store *store, const json_t *line, struct err *err);
// Writes (or replaces, atomically) a JSON file in the session folder.
int store_json(struct store *store, const char *name, const json_t *json, struct err *err);

#endif
