// The arguments of a compiler call.
#ifndef RACEGATE_COMMAND_H
#define RACEGATE_COMMAND_H

#include "base/args.h"
#include "base/home.h"
#include "catalog/catalog.h"
#include "tool/toolchain.h"

struct cache_entry;

// Everything that decides what comes out, but no path that does not: this is what the cache key
// covers.
void command_key(struct args *command, const struct target *target, enum tool_id id, size_t build,
		 const struct home *home, const struct toolchain *toolchain);
// Adds where the output goes, and the end that exec needs.
void command_paths(struct args *command, const struct cache_entry *entry);

#endif
