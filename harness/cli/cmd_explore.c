// racegate explore: cases, folders and C files, or programs that racegate-cc has built.
#include "base/args.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/output.h"
#include "explore/linked.h"

#include <stdlib.h>
#include <string.h>

// Flags for a built program would be ignored silently.
static int check_usage(const struct options *o, size_t programs, struct err *err)
{
	const char *flag = o->settings.cc        ? "--cc"
			   : o->settings.cflags  ? "--cflags"
			   : o->settings.ldflags ? "--ldflags"
						 : NULL;

	if (programs && programs < o->nr_names)
		return err_input(err, "explore: name either programs, or cases and C files");
	if (programs && flag)
		return err_input(err,
				 "explore: %s: a program is already built; give such flags to "
				 "racegate-cc",
				 flag);
	if (o->program && (programs != 1 || o->settings.args))
		return err_input(err, "explore: the arguments after -- need exactly one program");
	return 0;
}

// The command of one program, as exec wants it: never looked for on PATH.
static void make_argv(const struct options *o, const char *name, struct args *argv)
{
	args_take(argv, strchr(name, '/') ? xstrdup(name) : xasprintf("./%s", name));
	for (size_t i = 0; o->program && o->program[i]; i++)
		args_add(argv, o->program[i]);
	args_end(argv);
}

static int explore_programs(const struct options *o, struct err *err)
{
	struct args *argv = xcalloc(o->nr_names, sizeof(*argv));
	struct target_list targets = { 0 };
	int code = EXIT_CLEAN;

	for (size_t i = 0; i < o->nr_names && !code; i++) {
		make_argv(o, o->names[i], &argv[i]);
		target_add_program(&targets, (const char *const *)argv[i].items);
		if (linked_check(argv[i].items[0], err))
			code = report_error(err);
	}
	if (!code)
		code = command_session(o, &targets);
	target_list_release(&targets);
	for (size_t i = 0; i < o->nr_names; i++)
		args_release(&argv[i]);
	free(argv);
	return code;
}

int cmd_explore(const struct options *options)
{
	struct options own = *options;
	struct err err = ERR_INIT;
	size_t programs = 0;

	own.settings.tools_given = true;
	own.settings.tools[TOOL_EXPLORE] = true;
	for (size_t i = 0; i < own.nr_names; i++)
		programs += target_names_program(own.names[i]);
	if (!own.nr_names)
		err_input(&err, "explore: name a case, a folder, a C file or a program");
	if (err.class || check_usage(&own, programs, &err))
		return report_error(&err);
	return programs ? explore_programs(&own, &err) : cmd_check(&own);
}
