// racegate doctor: show which tools are installed and how to install the others.
#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/version.h"
#include "cli/command.h"
#include "tool/toolchain.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
}

static void print_json(const struct toolchain *toolchain)
{
	json_t *array = json_array();
	char *text;

	for (int t = 0; t < TOOL_NR; t++) {
		const struct tool_status *s = &toolchain->tools[t];

		json_array_append_new(
			array, json_pack("{s:s,s:s,s:b,s:s?,s:s}", "tool", tool_name(t), "title",
					 tool_get(t)->title, "installed", s->state != TOOL_MISSING,
					 "version", s->version, "package", tool_get(t)->package));
	}
	text = json_printed(array);
	puts(text ? text : "[]");
	free(text);
	json_decref(array);
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
