#include "build/command.h"

#include "base/mem.h"
#include "build/cache.h"

#include <limits.h>
#include <unistd.h>

static bool takes_reports_as_data(const struct artifact *artifact)
{
	return tool_get(artifact->tool)->format == REPORT_TSAN_DATA;
}

void command_key(struct words *command, const struct artifact *artifact,
		 const struct build_options *options)
{
	const struct tool *tool = tool_get(artifact->tool);
	char here[PATH_MAX];

	words_add(command, tool->compiler);
	for (const char *const *flag = tool->builds[artifact->build].flags; *flag; flag++)
		words_add(command, *flag);
	// Sources are named as the reader knows them: from here, or from racegate's own folder.
	if (getcwd(here, sizeof(here)))
		words_take(command, xasprintf("-ffile-prefix-map=%s=.", here));
	words_take(command, xasprintf("-ffile-prefix-map=%s=.", options->home->root));
	words_split(command, artifact->target->cflags);
	words_add(command, artifact->target->source);
	if (takes_reports_as_data(artifact))
		words_take(command, xasprintf("%s/tsan_report.o", options->home->build));
	if (tool->format == REPORT_EXPLORE) {
		words_add(command, "-rdynamic");
		words_add(command, "-Wl,--wrap=main");
		words_take(command, xasprintf("%s/explore_rt.o", options->home->build));
	}
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
