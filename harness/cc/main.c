/*
 * racegate-cc: `CC=racegate-cc make`. Calls the compiler of the tool that
 * RACEGATE_TOOL names (explore when it names none) with what that tool needs;
 * from there on messages and exit codes are the compiler's own.
 */
#include "base/fs.h"
#include "base/home.h"
#include "base/mem.h"
#include "cc/cc_translate.h"
#include "cc/response.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WRONG_USAGE = 2, TROUBLE = 3 };

static int complain(const struct err *err)
{
	fprintf(stderr, "racegate-cc: %s\n", err->text);
	return err->class == ERR_INPUT ? WRONG_USAGE : TROUBLE;
}

// Of this program with itself for a compiler there would be no end.
static int check_compiler(const struct cc_setting *setting, struct err *err)
{
	if (setting->compiler && !strncmp(fs_base(setting->compiler), "racegate-cc", 11))
		return err_input(err, "RACEGATE_CC=%s: name the real compiler, not racegate-cc",
				 setting->compiler);
	return 0;
}

// Comes back only when nothing could be called.
static void call_compiler(const char *const *args, struct cc_setting *setting, struct args *given,
			  struct args *call, struct err *err)
{
	if (cc_settle(getenv("RACEGATE_TOOL"), getenv("RACEGATE_CC"), setting, err) ||
	    check_compiler(setting, err) || response_expand(args, given, err) ||
	    cc_translate(setting, given, call, err))
		return;
	execvp(call->items[0], call->items);
	if (errno == ENOENT)
		err_harness(err,
			    "%s is not installed; on Debian: apt-get install %s, or name another "
			    "compiler with RACEGATE_CC",
			    call->items[0], fs_base(call->items[0]));
	else
		err_harness(err, "%s: cannot start: %s", call->items[0], strerror(errno));
}

int main(int argc, char **argv)
{
	struct cc_setting setting = { 0 };
	struct args given = { 0 }, call = { 0 };
	struct err err = ERR_INIT;
	struct home home;

	(void)argc;
	home_find(&home);
	setting.folder = home.build;
	call_compiler((const char *const *)argv + 1, &setting, &given, &call, &err);
	args_release(&call);
	args_release(&given);
	home_release(&home);
	return complain(&err);
}
