#include "session/flight.h"

#include "base/mem.h"
#include "session/explorer_call.h"
#include "session/user_settings.h"
#include "tool/system.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add_prefix(struct strbuf *text, const char *dir, const char *percent)
{
	for (; dir && *dir; dir++)
		if (*dir == '%')
			strbuf_addstr(text, percent);
		else
			strbuf_addch(text, *dir);
	strbuf_addstr(text, "/e");
}

/*
 * A word of a tool's row with its marks filled in: the evidence prefix, each % of which is
 * written as `percent`, and what was drawn for the run.
 */
static char *fill_in(const char *word, const struct flight *flight, const char *percent)
{
	struct strbuf text = STRBUF_INIT;

	for (; *word; word++) {
		const char mark = *word == '%' ? word[1] : '\0';

		if (mark == 'e')
			add_prefix(&text, flight->dir, percent);
		else if (mark == 'x')
			strbuf_addf(&text, "%d", flight->record.tool_code);
		else if (mark == 'k')
			strbuf_addf(&text, "%016llx", (unsigned long long)flight->key);
		else
			strbuf_addch(&text, *word);
		word += mark == 'e' || mark == 'x' || mark == 'k';
	}
	return strbuf_detach(&text);
}

static bool same_variable(const char *a, const char *b)
{
	size_t len = strcspn(a, "=");

	return !strncmp(a, b, len + 1);
}

// The harness's own environment, with the tool's settings in place of those of the same name.
void flight_make_env(struct flight *flight, const struct runner_settings *settings,
		     const struct runner_cell *cell)
{
	const struct tool *tool = tool_get(cell->tool);
	struct args extra = { 0 };

	for (const char *const *setting = cell->target->source ? tool->env : tool->foreign_env;
	     *setting; setting++)
		args_take(&extra, fill_in(*setting, flight, "%"));
	if (flight->record.perturbed) {
		args_take(&extra,
			  xasprintf("LD_PRELOAD=%s/librg-perturb.so", settings->home->build));
		args_take(&extra, xasprintf("RACEGATE_PERTURB=seed=%llu",
					    (unsigned long long)flight->record.seed));
	}
	for (char **old = environ; *old; old++) {
		bool replaced = false;

		for (size_t i = 0; i < extra.nr && !replaced; i++)
			replaced = same_variable(extra.items[i], *old);
		if (!replaced)
			args_add(&flight->env, *old);
	}
	for (size_t i = 0; i < extra.nr; i++)
		args_take(&flight->env, user_settings_merge(extra.items[i]));
	args_end(&flight->env);
	args_release(&extra);
}

static void add_explorer(struct flight *flight, const struct runner_settings *settings,
			 const struct runner_cell *cell)
{
	char *log = xasprintf("%s/e.explore", flight->dir);

	explorer_arguments(
		&(struct explorer_call){ settings, cell, log, flight->record.seed, flight->nth },
		&flight->argv);
	free(log);
}

void flight_make_argv(struct flight *flight, const struct runner_settings *settings,
		      const struct runner_cell *cell, const char *program)
{
	const struct tool *tool = tool_get(cell->tool);
	const char *args = cell->target->tc ? NULL : settings->args;

	// Valgrind expands % in the names of its files.
	for (const char *const *word = tool->launch; *word; word++)
		args_take(&flight->argv, fill_in(*word, flight, "%%"));
	if (tool->foreign == REPORT_VALGRIND_XML && !cell->target->source) {
		args_add(&flight->argv, "--trace-children=yes");
		args_take(&flight->argv, system_skip_option());
	}
	if (tool_explores(tool))
		add_explorer(flight, settings, cell);
	args_add(&flight->argv, program);
	if (flight->record.scale)
		args_take(&flight->argv, xasprintf("%ld", flight->record.scale));
	for (size_t i = 1; cell->target->argv && cell->target->argv[i]; i++)
		args_add(&flight->argv, cell->target->argv[i]);
	args_split(&flight->argv, args);
	args_end(&flight->argv);
}
