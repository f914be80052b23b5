// racegate run: a program built elsewhere.
#include "base/args.h"
#include "base/fs.h"
#include "cli/command.h"
#include "cli/output.h"
#include "explore/linked.h"
#include "tool/system.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// `found` is where PATH has it, NULL when it has not.
static int check_program(const char *name, const char *found, struct err *err)
{
	if (!found)
		return err_input(err, "run: %s: no such program on PATH", name);
	if (access(found, X_OK) < 0)
		return err_input(err, "run: %s: %s; give the path of the program", name,
				 strerror(errno));
	if (fs_is_dir(found))
		return err_input(err, "run: %s is a folder", name);
	if (linked_at_all(found))
		return err_input(err,
				 "run: %s was built for the explorer: `racegate explore %s -- "
				 "ARGS`; for the "
				 "other tools build it with RACEGATE_TOOL=native",
				 name, name);
	return 0;
}

int cmd_run(const struct options *options)
{
	struct args argv = { 0 };
	char *found;
	struct target_list targets = { 0 };
	struct err err = ERR_INIT;
	int code;

	if (options->nr_names || !options->program || !options->program[0]) {
		err_input(
			&err,
			"run: name the program after --, as in `racegate run -- ./server --once`");
		return report_error(&err);
	}
	found = system_find(options->program[0]);
	if (check_program(options->program[0], found, &err)) {
		free(found);
		return report_error(&err);
	}
	args_take(&argv, found);
	for (size_t i = 1; options->program[i]; i++)
		args_add(&argv, options->program[i]);
	args_end(&argv);
	target_add_program(&targets, (const char *const *)argv.items);
	code = command_session(options, &targets);
	target_list_release(&targets);
	args_release(&argv);
	return code;
}
