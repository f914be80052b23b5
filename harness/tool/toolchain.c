#include "tool/toolchain.h"

#include "base/child.h"
#include "base/mem.h"
#include "base/names.h"

#include <stdlib.h>
#include <string.h>

static const char *const state_names[] = { "unprobed", "ready", "missing", "broken" };

const char *tool_state_name(enum tool_state state)
{
	return state_names[state];
}

int tool_state_from_name(const char *name)
{
	return name_index(state_names, ARRAY_SIZE(state_names), name);
}

static char *version_of(const char *program)
{
	return child_first_line((const char *const[]){ program, "--version", NULL });
}

static void release(struct tool_status *status)
{
	free(status->version);
	free(status->compiler);
	free(status->reason);
	*status = (struct tool_status){ 0 };
}

static void probe(const struct tool *tool, struct tool_status *status)
{
	bool same = !strcmp(tool->program, tool->compiler);
	char *program = version_of(tool->program);
	char *compiler = same ? xstrdup(program) : version_of(tool->compiler);

	if (program && compiler) {
		status->state = TOOL_UNPROBED;
		status->version = same ? xstrdup(program) : xasprintf("%s, %s", program, compiler);
	} else {
		const char *missing = program ? tool->compiler : tool->program;

		status->state = TOOL_MISSING;
		status->reason = xasprintf("%s is not installed; on Debian: apt-get install %s",
					   missing, program ? tool->compiler : tool->package);
	}
	free(program);
	free(compiler);
}

void toolchain_probe(struct toolchain *toolchain)
{
	*toolchain = (struct toolchain){ 0 };
	for (int i = 0; i < TOOL_NR; i++)
		probe(tool_get(i), &toolchain->tools[i]);
}

void toolchain_use(struct toolchain *toolchain, enum tool_id id, const char *compiler)
{
	struct tool_status *status = &toolchain->tools[id];
	struct tool own = *tool_get(id);

	// What is not Valgrind is its compiler.
	if (!strcmp(own.program, own.compiler))
		own.program = own.package = compiler;
	own.compiler = compiler;
	release(status);
	probe(&own, status);
	status->compiler = xstrdup(compiler);
}

void toolchain_release(struct toolchain *toolchain)
{
	for (int i = 0; i < TOOL_NR; i++)
		release(&toolchain->tools[i]);
	*toolchain = (struct toolchain){ 0 };
}
