// The command line: one table of options, of which each sub-command takes some.
#ifndef RACEGATE_OPTIONS_H
#define RACEGATE_OPTIONS_H

#include "base/err.h"
#include "catalog/catalog.h"
#include "explore/policy.h"
#include "report/formats.h"
#include "session/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum exit_code {
	EXIT_CLEAN = 0,
	EXIT_FINDINGS = 1, // findings, or verdicts that failed
	EXIT_WRONG = 2,    // wrong usage, a broken case or configuration file
	EXIT_ERROR = 3,    // inconclusive, or the harness could not do all its work
	EXIT_NOTHING = 4,  // nothing ran
	EXIT_SIGNAL = 128, // plus the signal's number
};

// One bit for each option; a sub-command's set.
typedef uint64_t option_set;

#define OPTION_TABLE(X)                                                                            \
	X(TOOL, "tool", "T,…", TOOL_NAMES(": only these"))                                         \
	X(RUNS, "runs", "N", "exactly N runs per target and tool (explore: campaigns)")            \
	X(SCALE, "scale", "N", "argv[1] of every run (default: from the case)")                    \
	X(QUICK, "quick", NULL, "a quarter of the usual runs")                                     \
	X(BUDGET, "budget", "SECONDS", "total time; goes to what is still undecided")              \
	X(TIMEOUT, "timeout", "SECONDS", "limit of one plain run; slower tools get a multiple")    \
	X(JOBS, "jobs", "N", "run slots, one per thread (default: twice the CPUs)")                \
	X(SEED, "seed", "N", "seed of schedules and perturbation (default: random)")               \
	X(SCHEDULES, "schedules", "N", "schedules to explore per target (default: 1000)")          \
	X(STRATEGY, "strategy", "S", POLICY_NAMES(" (default: all in turn)"))                      \
	X(DEPTH, "depth", "D", "bug depth of pct, 1 to 16 (default: 1 to 4)")                      \
	X(PREEMPTIONS, "preemptions", "K", "preemption bound of dfs (default: grows)")             \
	X(MAX_STEPS, "max-steps", "N", "limit of one schedule (default: 1000000)")                 \
	X(AS_FOUND, "as-found", NULL, "do not minimise schedules; saves time")                     \
	X(TIMELINE, "timeline", NULL, "print the lines in execution order, a column per thread")   \
	X(GDB, "gdb", NULL, "stop in gdb where the bug shows")                                     \
	X(FAIL_ON, "fail-on", "SEVERITY", "of findings that fail: error (default), warning, note") \
	X(OK_EXIT, "ok-exit", "N,…", "exit statuses that are no failure, besides 0")               \
	X(STRICT, "strict", NULL, "disputed and refuted findings fail, too")                       \
	X(OUTCOMES, "outcomes", "WHICH",                                                           \
	  "results that may differ: any, lines (their order), or FILE")                            \
	X(SPURIOUS, "spurious", "N", "waits of a schedule that end without a signal, at most")     \
	X(TIMEOUTS, "timeouts", "WHEN", "early (default), or due: when nothing else can happen")   \
	X(THREADS, "threads", "N", "threads that work at the same time (default: 2)")              \
	X(ALLOW_SEQUENTIAL, "allow-sequential", NULL, "it is fine that nothing runs concurrently") \
	X(SHARD, "shard", "I/N", "only part I of N of the targets, counted from 1")                \
	X(OUT, "out", "DIR", "session folder (default: a new one in reports/)")                    \
	X(NO_PERTURB, "no-perturb", NULL, "no noise and no CPU pinning in plain runs")             \
	X(CC, "cc", "COMPILER", "compiler for explore: clang (the default), gcc, …")               \
	X(CFLAGS, "cflags", "FLAGS", "compiler flags for FILE.c")                                  \
	X(LDFLAGS, "ldflags", "FLAGS", "linker flags for FILE.c")                                  \
	X(ARGS, "args", "ARGS", "arguments of the program made from FILE.c")                       \
	X(CASES, "cases", "DIR", "the catalogue (default: cases/)")                                \
	X(FAMILY, "family", "F", "only cases of this family")                                      \
	X(FORMAT, "format", "F", "one of" FORMAT_NAMES " (default: text)")                         \
	X(OUTPUT, "output", "FILE", "write to FILE instead of stdout; also -o FILE")               \
	X(JSON, "json", NULL, "print JSON instead of text")                                        \
	X(QUIET, "quiet", NULL, "no progress output; also -q")                                     \
	X(HELP, "help", NULL, "this help; also -h")

enum option_id {
#define X(id, name, value, help) OPT_##id,
	OPTION_TABLE(X)
#undef X
		OPT_NR
};

struct options {
	const char *const *names; // what is left of the command line
	size_t nr_names;
	const char *const *program; // after `--`, NULL-terminated; NULL when there is none
	struct settings settings;   // of a session
	unsigned shard, shards;     // this one of so many; 0 of 0: all
	const char *output, *cases, *family, *format;
	const char *outcomes;       // "same", "lines", "any" or a file; NULL: not given
	unsigned threads;           // of programs that are no cases; 0: not given
	struct explore_terms terms; // likewise
	bool json, timeline, gdb, help;
	const char *given[OPT_NR]; // the value as it was given, "" when there is none; NULL: not
};

#define OPTION_BIT(id) ((option_set)1 << OPT_##id)

/*
 * Parses argv (argv[0] is the sub-command). Wrong values, unknown options and
 * options that the sub-command does not take are ERR_INPUT.
 */
int options_parse(struct options *options, option_set allowed, int argc, char **argv,
		  struct err *err);
/*
 * Sets the option of this name, one of the set, as the command line would. ERR_INPUT without a
 * place when there is none or its value is wrong.
 */
int options_set(struct options *options, option_set allowed, const char *name, const char *value,
		struct err *err);
// Prints the options of the set, one a line, to stdout.
void options_print(option_set set);

#endif
