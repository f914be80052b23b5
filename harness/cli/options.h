// The command line: one table of options, of which each sub-command takes some.
#ifndef RACEGATE_OPTIONS_H
#define RACEGATE_OPTIONS_H

#include "base/err.h"
#include "report/formats.h"
#include "session/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_code {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1, // findings, or verdicts that failed
	EXIT_WRONG = 2,    // wrong usage, a broken case or configuration file
	EXIT_ERROR = 3,  // the harness could not do all its work
	EXIT_NOTHING = 4,  // nothing ran
	EXIT_SIGNAL = 128, // plus the signal's number
};

struct options {
	const char *const *names; // what is left of the command line
	size_t nr_names;
	const char *const *program; // after `--`, NULL-terminated; NULL when there is none
	struct settings settings;   // of a session
	unsigned shard, shards;     // this one of so many; 0 of 0: all
	const char *output, *cases, *family, *format;
	bool json, timeline, gdb, help;
};

// One bit for each option; a sub-command's set.
typedef uint32_t option_set;

#define OPTION_TABLE(X)                                                                            \
	X(TOOL, "tool", "T,…", "native, tsan, tsan-gcc, helgrind, drd, explore: only these")       \
	X(RUNS, "runs", "N", "exactly N runs per target and tool; explore: N campaigns")           \
	X(SCALE, "scale", "N", "argv[1] of every run (default: as the case says)")                 \
	X(QUICK, "quick", NULL, "a quarter of the usual runs")                                     \
	X(BUDGET, "budget", "SECONDS", "time for all runs, spent on what is still undecided")      \
	X(TIMEOUT, "timeout", "SECONDS", "time for one plain run; slower tools get a multiple")    \
	X(JOBS, "jobs", "N", "slots for runs, a thread each (default: twice the CPUs)")            \
	X(SEED, "seed", "N", "seed of perturbation and affinity (default: a new one)")             \
	X(SCHEDULES, "schedules", "N", "schedules that the explorer tries of each target")         \
	X(STRATEGY, "strategy", "S", "random, pct, pos or dfs (default: all of them in turn)")     \
	X(DEPTH, "depth", "D", "of the bugs that pct looks for, 1 to 16 (default: 1 to 4)")        \
	X(PREEMPTIONS, "preemptions", "K",                                                         \
	  "that dfs takes at most (default: as the schedules go)")                                 \
	X(MAX_STEPS, "max-steps", "N", "then a schedule is ended (default: 1000000)")              \
	X(AS_FOUND, "as-found", NULL, "keep schedules as long as they were found: saves time")     \
	X(TIMELINE, "timeline", NULL, "one column per thread, the lines in the order they ran")    \
	X(GDB, "gdb", NULL, "gdb, stopped at what the schedule shows")                             \
	X(SHARD, "shard", "I/N", "only the I-th of N parts of the targets, I from 1")              \
	X(OUT, "out", "DIR", "the session folder (default: a new one in reports/)")                \
	X(NO_PERTURB, "no-perturb", NULL, "plain runs as they come: no noise, no pinning")         \
	X(CC, "cc", "COMPILER", "builds what is explored: clang (the default), gcc, …")            \
	X(CFLAGS, "cflags", "WORDS", "flags to compile FILE.c with")                               \
	X(LDFLAGS, "ldflags", "WORDS", "flags to link FILE.c with")                                \
	X(ARGS, "args", "WORDS", "arguments of FILE.c's program")                                  \
	X(CASES, "cases", "DIR", "the catalogue (default: cases/)")                                \
	X(FAMILY, "family", "F", "only cases of this family")                                      \
	X(FORMAT, "format", "F", "one of" FORMAT_NAMES " (default: text)")                         \
	X(OUTPUT, "output", "FILE", "write there instead of to stdout; also -o FILE")              \
	X(JSON, "json", NULL, "JSON for programs instead of text for people")                      \
	X(QUIET, "quiet", NULL, "no progress; also -q")                                            \
	X(HELP, "help", NULL, "this text; also -h")

enum option_id {
#define X(id, name, value, help) OPT_##id,
	OPTION_TABLE(X)
#undef X
		OPT_NR
};

#define OPTION_BIT(id) ((option_set)1 << OPT_##id)

/*
 * Parses argv (argv[0] is the sub-command). Wrong values, unknown options and
 * options that the sub-command does not take are ERR_INPUT.
 */
int options_parse(struct options *options, option_set allowed, int argc, char **argv,
		  struct err *err);
// Prints the options of the set, one a line, to stdout.
void options_print(option_set set);

#endif
