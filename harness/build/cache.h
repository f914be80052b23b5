/*
 * build/cache/<key>/: a built program, the files that went into it and their
 * content's hashes. An entry appears whole, by renaming the folder it was
 * made in, so that two racegates can share a cache.
 */
#ifndef RACEGATE_CACHE_H
#define RACEGATE_CACHE_H

#include "base/args.h"
#include "base/err.h"

struct cache_entry {
	char *dir;      // where it lives when it is whole
	char *work;     // where it is made
	char *program;  // in dir
	char *building; // the program in work
	char *deps;     // make rule that the compiler writes, in work
	char *log;      // what the compiler says, in work
	int claim;      // holds work (base/claim.h); -1: there is none
};

/*
 * `version` is the compiler's, `source` names the program.
 * 1: the program is there and still good; 0: it is to be built in the entry's
 * work folder, which exists now; -1: error. The caller releases the entry.
 */
int cache_lookup(struct cache_entry *entry, const char *build, const char *source,
		 const char *version, const struct args *command, struct err *err);
// Removes what harnesses that were killed had half made.
void cache_sweep(const char *build);
int cache_commit(struct cache_entry *entry, struct err *err); // the build succeeded
void cache_abandon(struct cache_entry *entry);                // it failed
void cache_entry_release(struct cache_entry *entry);

#endif
