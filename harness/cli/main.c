// argv -> table of sub-commands.
#include "base/mem.h"
#include "base/standard.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/suggest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COMMON (OPTION_BIT(HELP))
// What is held against one's own program, and what the explorer does not try.
#define JUDGING                                                                                    \
	(OPTION_BIT(FAIL_ON) | OPTION_BIT(OK_EXIT) | OPTION_BIT(STRICT) | OPTION_BIT(OUTCOMES) |   \
	 OPTION_BIT(THREADS) | OPTION_BIT(ALLOW_SEQUENTIAL))
#define LEAVING_OUT (OPTION_BIT(SPURIOUS) | OPTION_BIT(TIMEOUTS))
#define RUNNING                                                                                    \
	(COMMON | OPTION_BIT(TOOL) | OPTION_BIT(RUNS) | OPTION_BIT(QUICK) | OPTION_BIT(BUDGET) |   \
	 OPTION_BIT(TIMEOUT) | OPTION_BIT(JOBS) | OPTION_BIT(SEED) | OPTION_BIT(OUT) |             \
	 OPTION_BIT(NO_PERTURB) | JUDGING | OPTION_BIT(JSON) | OPTION_BIT(QUIET))

#define EXPLORING                                                                                  \
	(COMMON | OPTION_BIT(RUNS) | OPTION_BIT(SCHEDULES) | OPTION_BIT(STRATEGY) |                \
	 OPTION_BIT(DEPTH) | OPTION_BIT(PREEMPTIONS) | OPTION_BIT(MAX_STEPS) |                     \
	 OPTION_BIT(AS_FOUND) | OPTION_BIT(TIMEOUT) | OPTION_BIT(JOBS) | OPTION_BIT(SEED) |        \
	 OPTION_BIT(OUT) | OPTION_BIT(CC) | JUDGING | LEAVING_OUT | OPTION_BIT(JSON) |             \
	 OPTION_BIT(QUIET))

static const struct command_row commands[] = {
	{ "list", "[PATTERN…]", "list the cases by family",
	  COMMON | OPTION_BIT(FAMILY) | OPTION_BIT(JSON) | OPTION_BIT(CASES), cmd_list },
	{ "show", "CASE",
	  "explain a case: the bug, the fix as a diff, outcomes, what each tool says",
	  COMMON | OPTION_BIT(CASES), cmd_show },
	{ "check", "[CASE|DIR|FILE.c …]", "build and run under every tool, judge, report",
	  RUNNING | LEAVING_OUT | OPTION_BIT(SCHEDULES) | OPTION_BIT(AS_FOUND) | OPTION_BIT(SCALE) |
		  OPTION_BIT(SHARD) | OPTION_BIT(CC) | OPTION_BIT(CFLAGS) | OPTION_BIT(LDFLAGS) |
		  OPTION_BIT(ARGS) | OPTION_BIT(CASES),
	  cmd_check },
	{ "explore", "CASE|DIR|FILE.c|PROGRAM … [-- ARGS…]",
	  "try many controlled schedules (build PROGRAM with racegate-cc)",
	  EXPLORING | OPTION_BIT(SCALE) | OPTION_BIT(CFLAGS) | OPTION_BIT(LDFLAGS) |
		  OPTION_BIT(ARGS) | OPTION_BIT(CASES),
	  cmd_explore },
	{ "replay", "SCHEDULE", "replay a schedule that the explorer saved",
	  COMMON | OPTION_BIT(TIMELINE) | OPTION_BIT(GDB) | OPTION_BIT(CASES) | OPTION_BIT(CC) |
		  OPTION_BIT(CFLAGS) | OPTION_BIT(LDFLAGS),
	  cmd_replay },
	{ "run", "-- PROGRAM [ARGS…]", "check a program that is already built", RUNNING, cmd_run },
	{ "report", "SESSION…", "judge and print sessions again without running anything",
	  COMMON | OPTION_BIT(FAIL_ON) | OPTION_BIT(STRICT) | OPTION_BIT(FORMAT) |
		  OPTION_BIT(OUTPUT) | OPTION_BIT(CASES) | OPTION_BIT(JSON),
	  cmd_report },
	{ "explain", "[FINDING|TARGET|TOOL|VERDICT] [SESSION]",
	  "say in full what was seen, by whom, how sure it is and what to do",
	  COMMON | OPTION_BIT(JSON), cmd_explain },
	{ "scoreboard", "SESSION…", "score each tool on the cases of these sessions",
	  COMMON | OPTION_BIT(OUTPUT) | OPTION_BIT(CASES) | OPTION_BIT(JSON), cmd_scoreboard },
	{ "new", "FAMILY/CASE", "create a new case from a template that passes",
	  COMMON | OPTION_BIT(CASES), cmd_new },
	{ "doctor", "", "show which tools are installed and how to install the others",
	  COMMON | OPTION_BIT(JSON), cmd_doctor },
};

static void print_usage(FILE *to)
{
	fprintf(to,
		"racegate %s: finds data races, deadlocks and diverging results in C programs\n\n"
		"usage: racegate COMMAND [options]\n\n",
		RACEGATE_VERSION);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(to, "  %s%*s%s\n             %s\n", commands[i].name,
			*commands[i].usage ? 11 - (int)strlen(commands[i].name) : 0, "",
			commands[i].usage, commands[i].summary);
	fputs("\n`racegate COMMAND --help` lists a command's options.\n"
	      "Exit codes: 0 clean, 1 findings or failed verdicts, 2 wrong usage or a broken\n"
	      "case, 3 inconclusive or not all could be checked, 4 nothing ran or nothing ran\n"
	      "concurrently, 128+n signal n. 1 beats 3, 3 beats 4.\n",
	      to);
}

static void print_help(const struct command_row *command)
{
	printf("usage: racegate %s [options] %s\n\n%s\n\n", command->name, command->usage,
	       command->summary);
	options_print(command->options);
}

static const struct command_row *find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static int unknown_command(const char *name)
{
	struct err err = ERR_INIT;
	const char *names[ARRAY_SIZE(commands)];
	const char *near;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		names[i] = commands[i].name;
	near = suggest(name, names, ARRAY_SIZE(commands));
	if (near)
		err_input(&err, "unknown command '%s'; did you mean '%s'?", name, near);
	else
		err_input(&err, "unknown command '%s'; see `racegate --help`", name);
	return report_error(&err);
}

static int run_command(int argc, char **argv)
{
	const struct command_row *command;
	struct options options;
	struct err err = ERR_INIT;

	if (argc < 2) {
		print_usage(stderr);
		return EXIT_WRONG;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_usage(stdout);
		return EXIT_CLEAN;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("racegate " RACEGATE_VERSION);
		return EXIT_CLEAN;
	}
	command = find_command(argv[1]);
	if (!command)
		return unknown_command(argv[1]);
	if (options_parse(&options, command->options, argc - 1, argv + 1, &err)) {
		err_prefix(&err, "%s", command->name);
		return report_error(&err);
	}
	// Ignoring these arguments would check something else than the user asked for.
	if (options.program && command->run != cmd_run && command->run != cmd_explore) {
		err_input(&err, "%s: takes no program after --; `racegate run` and `explore` do",
			  command->name);
		return report_error(&err);
	}
	if (options.help) {
		print_help(command);
		return EXIT_CLEAN;
	}
	return command->run(&options);
}

int main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	int code;

	standard_open();
	code = run_command(argc, argv);
	// What was printed may only now reach a device that is full.
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	err_harness(&err, "cannot write to standard output: %s", strerror(errno));
	return code == EXIT_CLEAN || code == EXIT_NOTHING ? report_error(&err) : code;
}
