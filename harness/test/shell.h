// Calls of racegate that need a shell: redirections, other programs around it.
#ifndef RACEGATE_TEST_SHELL_H
#define RACEGATE_TEST_SHELL_H

#include "base/child.h"
#include "base/mem.h"
#include "test/call.h"
#include "test/support.h"

#include <stdlib.h>
#include <sys/wait.h>

/*
 * Runs a script in the folder, where $R is racegate. Returns its exit code, or 128 + signal;
 * what it says goes to `*out` (NULL: it is dropped), owned.
 */
static inline int shell(const struct call *c, const char *script, char **out)
{
	char *program = realpath("build/racegate", NULL),
	     *text = xasprintf("R='%s'\n%s", program, script);
	const char *const argv[] = { "sh", "-c", text, NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf said = STRBUF_INIT;
	struct err err = ERR_INIT;
	int status = -1;

	spec.argv = argv;
	spec.cwd = c->dir;
	if (child_capture(&spec, 300000, &said, &status, &err))
		CU_FAIL("a script does not end");
	if (out)
		*out = strbuf_detach(&said);
	strbuf_release(&said);
	free(text);
	free(program);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

#endif
