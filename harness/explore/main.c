/*
 * racegate-explore: runs one campaign over a program that is linked with the
 * explorer's runtime and writes what it found to a log. `racegate` starts it as
 * it starts valgrind; by hand it is of use to look at a campaign alone.
 */
#include "base/standard.h"
#include "explore/ask.h"
#include "explore/log.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>

enum { FOUND = 0, WRONG_USAGE = 2, TROUBLE = 3 };
enum { MAX_STEPS = 1000000, MAY_STEPS = 64000000, WALL_MS = 10000 };

static const char usage[] =
	"usage: racegate-explore --log FILE [--target ID] [--built TEXT] [--seed N]\n"
	"           [--iterations N] [--strategy all|POLICY] [--depth D]\n"
	"           [--preemptions K] [--search N] [--max-steps N] [--all-steps N]\n"
	"           [--as-found] [--ask FILE] [--spurious N]\n"
	"           [--due-timeouts] [--] PROGRAM ARGS\n"
	"  PROGRAM was built by racegate for the tool explore. POLICY is one of %s.\n"
	"  FILE holds places in JSON, as runs.jsonl has them under \"asked\".\n";

static int parse_number(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	return errno || end == text || *end || *text == '-' ? -1 : 0;
}

static int parse_policy(const char *text, const struct policy **out)
{
	*out = policy_from_name(text);
	return *out || !strcmp(text, "all") ? 0 : -1;
}

// What the command line says.
struct command {
	struct campaign_options options;
	const char *log, *ask; // ask NULL: an ordinary campaign
};

static int take_option(int option, const char *value, struct command *command)
{
	struct campaign_options *o = &command->options;
	uint64_t n;

	switch (option) {
	case 'l':
		command->log = value;
		return 0;
	case 't':
		o->target = value;
		return 0;
	case 'b':
		o->built = value;
		return 0;
	case 's':
		return parse_number(value, &o->seed);
	case 'n':
		return parse_number(value, &o->iterations);
	case 'p':
		return parse_policy(value, &o->policy);
	case 'd':
		if (parse_number(value, &n) || n < 1 || n > policy_most_depth())
			return -1;
		o->depth = (unsigned)n;
		return 0;
	case 'k':
		if (parse_number(value, &n) || n > CAMPAIGN_MOST_PREEMPTIONS)
			return -1;
		o->bounded = true;
		o->preemptions = (unsigned)n;
		return 0;
	case 'e':
		return parse_number(value, &o->search);
	case 'm':
		o->may_steps = 0;
		return parse_number(value, &o->max_steps);
	case 'S':
		return parse_number(value, &o->all_steps);
	case 'a':
		o->as_found = true;
		return 0;
	case 'A':
		command->ask = value;
		return 0;
	case 'u':
		if (parse_number(value, &n) || n > UINT_MAX)
			return -1;
		o->terms = (struct explore_terms){ true, (unsigned)n, o->terms.due_timeouts };
		return 0;
	case 'T':
		o->terms.due_timeouts = true;
		return 0;
	default:
		return -1;
	}
}

static int parse_options(int argc, char **argv, struct command *command)
{
	static const struct option options[] = {
		{ "log", required_argument, NULL, 'l' },
		{ "target", required_argument, NULL, 't' },
		{ "built", required_argument, NULL, 'b' },
		{ "seed", required_argument, NULL, 's' },
		{ "iterations", required_argument, NULL, 'n' },
		{ "strategy", required_argument, NULL, 'p' },
		{ "depth", required_argument, NULL, 'd' },
		{ "preemptions", required_argument, NULL, 'k' },
		{ "search", required_argument, NULL, 'e' },
		{ "max-steps", required_argument, NULL, 'm' },
		{ "all-steps", required_argument, NULL, 'S' },
		{ "as-found", no_argument, NULL, 'a' },
		{ "ask", required_argument, NULL, 'A' },
		{ "spurious", required_argument, NULL, 'u' },
		{ "due-timeouts", no_argument, NULL, 'T' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) >= 0)
		if (take_option(option, optarg, command))
			return -1;
	command->options.argv = (const char *const *)argv + optind;
	return command->log && command->options.argv[0] ? 0 : -1;
}

/*
 * A campaign that takes too long gets SIGTERM, and some time to write down what was
 * found. The descriptor becomes readable then; 0: there is none.
 */
static int stop_descriptor(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	return fd < 0 ? 0 : fd;
}

// Whose places a directed campaign is about.
static int read_questions(const char *path, struct witness_list *asked)
{
	json_t *json = json_load_file(path, 0, NULL);
	int rc = witness_list_from_json(json, asked);

	json_decref(json);
	return rc;
}

// Runs it and writes its log, also when it came to an early end.
static int run(const struct command *command, struct err *err)
{
	struct err later = ERR_INIT;
	struct campaign campaign = { 0 };
	int rc = (command->options.asked ? ask_run : campaign_run)(&campaign, &command->options,
								   err);

	if (campaign.running.warm.shared && campaign_log(&campaign, command->log, &later) && !rc) {
		*err = later;
		rc = -1;
	}
	campaign_release(&campaign);
	return rc;
}

int main(int argc, char **argv)
{
	struct command command = { .options = { .target = "",
						.iterations = 1000,
						.seed = 1,
						.max_steps = MAX_STEPS,
						.may_steps = MAY_STEPS,
						.wall_ms = WALL_MS } };
	struct witness_list asked = { 0 };
	struct err err = ERR_INIT;
	int rc;

	standard_open();
	if (parse_options(argc, argv, &command)) {
		fprintf(stderr, usage, POLICY_NAMES(""));
		return WRONG_USAGE;
	}
	if (command.ask) {
		if (read_questions(command.ask, &asked)) {
			fprintf(stderr, "racegate-explore: %s: not a list of places\n",
				command.ask);
			return WRONG_USAGE;
		}
		command.options.asked = &asked;
	}
	command.options.stop = stop_descriptor();
	rc = run(&command, &err);
	witness_list_release(&asked);
	if (rc)
		fprintf(stderr, "racegate-explore: %s\n", err.text);
	return rc ? TROUBLE : FOUND;
}
