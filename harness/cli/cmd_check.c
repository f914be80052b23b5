// racegate check: cases, folders and C files.
#include "base/mem.h"
#include "cli/command.h"
#include "cli/output.h"

#include <stdlib.h>
#include <string.h>

// Keeps the targets of this shard; both variants of a case stay together.
static void keep_shard(const struct options *options, struct target_list *targets)
{
	const struct testcase *last = NULL;
	size_t kept = 0, group = 0;

	for (size_t i = 0; i < targets->nr; i++) {
		if (i && (!targets->items[i].tc || targets->items[i].tc != last))
			group++;
		last = targets->items[i].tc;
		if (group % options->shards == options->shard - 1) {
			targets->items[kept++] = targets->items[i];
		} else {
			free(targets->items[i].id);
			free(targets->items[i].source);
		}
	}
	targets->nr = kept;
}

static void set_flags(const struct options *options, struct target_list *targets)
{
	for (size_t i = 0; i < targets->nr; i++)
		if (!targets->items[i].tc) {
			targets->items[i].cflags = options->settings.cflags;
			targets->items[i].ldflags = options->settings.ldflags;
		}
}

int cmd_check(const struct options *options)
{
	struct catalog catalog = { 0 };
	struct target_list targets = { 0 };
	struct err err = ERR_INIT;
	int code;

	if (load_catalog(options, &catalog, &err) ||
	    target_select(&catalog, options->names, options->nr_names, &targets, &err)) {
		code = report_error(&err);
	} else {
		if (options->shards)
			keep_shard(options, &targets);
		set_flags(options, &targets);
		code = command_session(options, &targets);
	}
	target_list_release(&targets);
	catalog_release(&catalog);
	return code;
}
