/*
 * A session folder: everything that its runs leave on disk, at once and
 * append-only, so that no crash loses what was seen.
 */
#ifndef RACEGATE_STORE_H
#define RACEGATE_STORE_H

#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What runs.jsonl must hold. The programs under test could find and change it, so each line
 * carries a hash of itself, and the session's end says how many lines there are and their hash
 * together. That one begins with a number which is nowhere on disk before.
 */
struct runs_seal {
	uint64_t key, hash; // the hash of `key` and all bytes so far
	uint64_t count;     // lines
};

struct store {
	char *dir;   // the session folder
	char *work;  // private folder for the evidence of runs under way, mode 0700
	int runs_fd; // runs.jsonl, append-only
	int claim;   // holds the work folder (base/claim.h)
	struct runs_seal seal;
};

#define STORE_INIT                                                                                 \
	{                                                                                          \
		.runs_fd = -1, .claim = -1                                                         \
	}

/*
 * Makes the session folder, and removes what killed harnesses left in those below `root`. `dir`
 * NULL: a new reports/<time> below `root`, and reports/latest points to it. A folder that already
 * holds a session is ERR_INPUT: nothing is overwritten.
 */
int store_create(struct store *store, const char *root, const char *dir, struct err *err);
// Removes the work folder and closes; what was stored stays.
void store_release(struct store *store);

// Appends one line in a single write. A full disk is an error here, not a lost run.
int store_append(struct store *store, const json_t *line, struct err *err);

// The line as it is appended, with its hash and newline; owned; NULL: it is no object.
char *runs_seal_line(const json_t *line);
void runs_seal_begin(struct runs_seal *seal, uint64_t key);
void runs_seal_add(struct runs_seal *seal, const char *line, size_t len); // with its newline
json_t *runs_seal_to_json(const struct runs_seal *seal);                  // new reference
int runs_seal_from_json(const json_t *json, struct runs_seal *seal);      // 0, or -1: it is none
// Whether the line says the hash that it has; `len` is without the newline.
bool runs_line_is_whole(const char *line, size_t len);

// Writes (or replaces, atomically) a JSON file in the session folder.
int store_json(struct store *store, const char *name, const json_t *json, struct err *err);

#endif
