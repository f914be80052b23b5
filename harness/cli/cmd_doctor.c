// racegate doctor: show which tools are installed, how to install the others, and what each is
// known to get wrong.
#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/command.h"
#include "tool/limitation.h"
#include "tool/toolchain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void add_tools_of(const struct limitation *row, struct strbuf *out)
{
	const char *between = "";

	for (int t = 0; t < TOOL_NR; t++)
		if (limitation_is_of(row, (enum tool_id)t)) {
			strbuf_addf(out, "%s%s", between, tool_name((enum tool_id)t));
			between = ", ";
		}
}

// What the tools are known to get wrong, and when racegate holds that against a report.
static void print_limitations(void)
{
	struct strbuf out = STRBUF_INIT;

	puts("\nKnown limitations: a report that one of them explains is disputed and does not\n"
	     "fail, if what it says of the program was observed.");
	for (const struct limitation *row = limitations; row->id; row++) {
		struct strbuf line = STRBUF_INIT;

		add_tools_of(row, &line);
		strbuf_addf(&line, " (%s): %s. Observed: %s. Source: %s.", row->versions,
			    row->wrong, row->trigger, row->source);
		strbuf_addf(&out, "\n  %s\n      ", row->id);
		text_wrap(&out, line.buf, 6, 80);
		strbuf_release(&line);
	}
	fputs(out.buf, stdout);
	strbuf_release(&out);
}

static json_t *limitations_of(enum tool_id tool)
{
	json_t *array = json_array();

	for (const struct limitation *row = limitations; row->id; row++)
		if (limitation_is_of(row, tool))
			json_array_append_new(
				array, json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", row->id, "versions",
						 row->versions, "wrong", row->wrong, "trigger",
						 row->trigger, "source", row->source));
	return array;
}

static void print_text(const struct toolchain *toolchain)
{
	struct strbuf missing = STRBUF_INIT;

	printf("racegate %s, %ld CPUs\n\n", RACEGATE_VERSION, sysconf(_SC_NPROCESSORS_ONLN));
	for (int t = 0; t < TOOL_NR; t++) {
		const struct tool_status *s = &toolchain->tools[t];

		printf("  %-9s %-24s %s\n", tool_name(t), tool_get(t)->title,
		       s->state == TOOL_MISSING ? s->reason : s->version);
		if (s->state == TOOL_MISSING && !strstr(missing.buf, tool_get(t)->package))
			strbuf_addf(&missing, " %s", tool_get(t)->package);
	}
	if (missing.len)
		printf("\nInstall what is missing:\n  apt-get install%s\n", missing.buf);
	else
		puts("\nAll tools are installed; canaries check in each session that they "
		     "work.");
	strbuf_release(&missing);
	print_limitations();
}

static void print_json(const struct toolchain *toolchain)
{
	struct strbuf out = STRBUF_INIT;
	json_t *array = json_array();

	for (int t = 0; t < TOOL_NR; t++) {
		const struct tool_status *s = &toolchain->tools[t];

		json_array_append_new(
			array, json_pack("{s:s,s:s,s:b,s:s?,s:s,s:o}", "tool", tool_name(t),
					 "title", tool_get(t)->title, "installed",
					 s->state != TOOL_MISSING, "version", s->version, "package",
					 tool_get(t)->package, "limitations", limitations_of(t)));
	}
	strbuf_add_json(&out, array, JSON_INDENT(1));
	fputs(out.buf, stdout);
	strbuf_release(&out);
}

int cmd_doctor(const struct options *options)
{
	struct toolchain toolchain;
	bool complete = true;

	toolchain_probe(&toolchain);
	if (options->json)
		print_json(&toolchain);
	else
		print_text(&toolchain);
	for (int t = 0; t < TOOL_NR; t++)
		complete &= toolchain.tools[t].state != TOOL_MISSING;
	toolchain_release(&toolchain);
	return complete ? EXIT_CLEAN : EXIT_ERROR;
}
