#include "build/command.h"

#include "base/mem.h"
#include "build/cache.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add(struct command *command, const char *word)
{
	*VEC_PUSH(command) = xstrdup(word);
}

// Splits a user's flags at blanks; quoting is left to files and scripts.
static void add_words(struct command *command, const char *words)
{
	while (words && *(words += strspn(words, " \t"))) {
		size_t len = strcspn(words, " \t");

		*VEC_PUSH(command) = xstrndup(words, len);
		words += len;
	}
}

static bool takes_reports_as_data(const struct artifact *artifact)
{
	return tool_get(artifact->tool)->format == REPORT_TSAN_DATA;
}

void command_key(struct command *command, const struct artifact *artifact,
		 const struct build_options *options)
{
	const struct tool *tool = tool_get(artifact->tool);
	char here[PATH_MAX];

	add(command, tool->compiler);
	for (const char *const *flag = tool->builds[artifact->build].flags; *flag; flag++)
		add(command, *flag);
	// Sources are named as the reader knows them: from here, or from racegate's own folder.
	if (getcwd(here, sizeof(here)))
		*VEC_PUSH(command) = xasprintf("-ffile-prefix-map=%s=.", here);
	*VEC_PUSH(command) = xasprintf("-ffile-prefix-map=%s=.", options->home->root);
	add_words(command, artifact->target->cflags);
	add(command, artifact->target->source);
	if (takes_reports_as_data(artifact))
		*VEC_PUSH(command) = xasprintf("%s/tsan_report.o", options->home->build);
	add_words(command, artifact->target->ldflags);
}

void command_paths(struct command *command, const struct cache_entry *entry)
{
	add(command, "-MD");
	add(command, "-MF");
	add(command, entry->deps);
	add(command, "-o");
	add(command, entry->building);
	VEC_PUSH(command);
}

void command_release(struct command *command)
{
	for (size_t i = 0; i < command->nr; i++)
		free(command->items[i]);
	free(command->items);
	*command = (struct command){ 0 };
}
