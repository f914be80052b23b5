// racegate run: a program built elsewhere.
#include "base/fs.h"
#include "cli/command.h"
#include "cli/output.h"
#include "explore/linked.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int cmd_run(const struct options *options)
{
	struct target_list targets = { 0 };
	struct err err = ERR_INIT;
	int code;

	if (options->nr_names || !options->program || !options->program[0]) {
		err_input(
			&err,
			"run: name the program after --, as in `racegate run -- ./server --once`");
		return report_error(&err);
	}
	if (access(options->program[0], X_OK) < 0) {
		err_input(&err, "run: %s: %s; give the path of the program", options->program[0],
			  strerror(errno));
		return report_error(&err);
	}
	if (fs_is_dir(options->program[0])) {
		err_input(&err, "run: %s is a folder", options->program[0]);
		return report_error(&err);
	}
	if (linked_at_all(options->program[0])) {
		err_input(&err,
			  "run: %s was built for the explorer: `racegate explore %s -- ARGS`; for "
			  "the "
			  "other tools build it with RACEGATE_TOOL=native",
			  options->program[0], options->program[0]);
		return report_error(&err);
	}
	target_add_program(&targets, options->program);
	code = command_session(options, &targets);
	target_list_release(&targets);
	return code;
}
