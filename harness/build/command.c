#include "build/command.h"

#include "base/mem.h"
#include "build/cache.h"
#include "build/flags.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

// Compilers compare letters, not folders: a source in DIR-2 must not be taken for one below DIR.
static void name_from(struct args *command, const char *dir, const char *source)
{
	size_t len = strlen(dir);

	if (strncmp(source, dir, len) != 0 || source[len] == '/')
		args_take(command, xasprintf("-ffile-prefix-map=%s=.", dir));
}

void command_key(struct args *command, const struct target *target, enum tool_id id, size_t build,
		 const struct home *home, const struct toolchain *toolchain)
{
	const struct tool *tool = tool_get(id);
	const char *other = toolchain->tools[id].compiler;
	char here[PATH_MAX];

	args_add(command, other ? other : tool->compiler);
	flags_compile(command, tool, build, other, true);
	// Sources are named as the reader knows them: from here, or from racegate's own folder.
	if (getcwd(here, sizeof(here)))
		name_from(command, here, target->source);
	name_from(command, home->root, target->source);
	args_split(command, target->cflags);
	args_add(command, target->source);
	flags_link(command, tool, home->build);
	args_split(command, target->ldflags);
	flags_link_last(command, tool, home->build);
}

void command_paths(struct args *command, const struct cache_entry *entry)
{
	args_add(command, "-MD");
	args_add(command, "-MF");
	args_add(command, entry->deps);
	args_add(command, "-o");
	args_add(command, entry->building);
	args_end(command);
}
