#include "build/command.h"

#include "base/mem.h"
#include "build/cache.h"
#include "build/flags.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

// Compilers compare letters, not folders: a source in DIR-2 must not be taken for one below DIR.
static void name_from(struct words *command, const char *dir, const char *source)
{
	size_t len = strlen(dir);

	if (strncmp(source, dir, len) != 0 || source[len] == '/')
		words_take(command, xasprintf("-ffile-prefix-map=%s=.", dir));
}

void command_key(struct words *command, const struct artifact *artifact,
		 const struct build_options *options)
{
	const struct tool *tool = tool_get(artifact->tool);
	const char *other = options->toolchain->tools[artifact->tool].compiler;
	char here[PATH_MAX];

	words_add(command, other ? other : tool->compiler);
	flags_compile(command, tool, artifact->build, other, true);
	// Sources are named as the reader knows them: from here, or from racegate's own folder.
	if (getcwd(here, sizeof(here)))
		name_from(command, here, artifact->target->source);
	name_from(command, options->home->root, artifact->target->source);
	words_split(command, artifact->target->cflags);
	words_add(command, artifact->target->source);
	flags_link(command, tool, options->home->build);
	words_split(command, artifact->target->ldflags);
}

void command_paths(struct words *command, const struct cache_entry *entry)
{
	words_add(command, "-MD");
	words_add(command, "-MF");
	words_add(command, entry->deps);
	words_add(command, "-o");
	words_add(command, entry->building);
	words_end(command);
}
