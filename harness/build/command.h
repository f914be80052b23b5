// The words of a compiler call.
#ifndef RACEGATE_COMMAND_H
#define RACEGATE_COMMAND_H

#include "build/artifact.h"

struct cache_entry;

struct command {
	char **items; // NULL-terminated once command_paths is done
	size_t nr, alloc;
};

// Everything that decides what comes out, but no path that does not: this is what the cache key
// covers.
void command_key(struct command *command, const struct artifact *artifact,
		 const struct build_options *options);
// Adds where the output goes.
void command_paths(struct command *command, const struct cache_entry *entry);
void command_release(struct command *command);

#endif
