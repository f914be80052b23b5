// The table of sub-commands.
#ifndef RACEGATE_CLI_COMMAND_H
#define RACEGATE_CLI_COMMAND_H

#include "catalog/catalog.h"
#include "cli/options.h"

struct command_row {
	const char *name, *usage, *summary;
	option_set options;
	int (*run)(const struct options *options); // returns the exit code
};

int cmd_list(const struct options *options);
int cmd_show(const struct options *options);
int cmd_check(const struct options *options);
int cmd_explore(const struct options *options);
int cmd_replay(const struct options *options);
int cmd_run(const struct options *options);
int cmd_report(const struct options *options);
int cmd_explain(const struct options *options);
int cmd_scoreboard(const struct options *options);
int cmd_new(const struct options *options);
int cmd_doctor(const struct options *options);

/*
 * Loads the catalogue that the options name, else cases/ here, else the one next
 * to racegate itself.
 */
int load_catalog(const struct options *options, struct catalog *catalog, struct err *err);

#endif
