#include "cli/options.h"

#include "base/mem.h"
#include "base/strbuf.h"
#include "cli/suggest.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *value, *help;
} table[] = {
#define X(id, name, value, help) { name, value, help },
	OPTION_TABLE(X)
#undef X
};

static int parse_whole(const char *name, const char *text, uint64_t low, uint64_t high,
		       uint64_t *value, struct err *err)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	char *end;

	errno = 0;
	*value = strtoull(text, &end, hex ? 16 : 10); // a leading 0 means nothing
	if (end == text || *end || errno || *text == '-' || *value < low || *value > high)
		return err_input(err, "--%s: '%s' is not an integer from %llu to %llu", name, text,
				 (unsigned long long)low, (unsigned long long)high);
	return 0;
}

static int parse_seconds(const char *name, const char *text, double *value, struct err *err)
{
	char *end;

	*value = strtod(text, &end);
	if (end == text || *end || !isfinite(*value) || *value <= 0 || *value > 1e6)
		return err_input(err, "--%s: '%s' is not a positive number of seconds", name, text);
	return 0;
}

static int parse_runs(const char *text, struct options *o, struct err *err)
{
	return parse_whole("runs", text, 1, 10000000, &o->settings.runs, err);
}

static int parse_scale(const char *text, struct options *o, struct err *err)
{
	uint64_t number = 0;
	int rc = parse_whole("scale", text, 1, LONG_MAX, &number, err);

	o->settings.scale = (long)number;
	return rc;
}

static int parse_jobs(const char *text, struct options *o, struct err *err)
{
	uint64_t number = 0;
	int rc = parse_whole("jobs", text, 1, 256, &number, err);

	o->settings.jobs = (unsigned)number;
	return rc;
}

static int parse_seed(const char *text, struct options *o, struct err *err)
{
	o->settings.seed_given = true;
	return parse_whole("seed", text, 0, UINT64_MAX, &o->settings.seed, err);
}

static int parse_budget(const char *text, struct options *o, struct err *err)
{
	return parse_seconds("budget", text, &o->settings.budget, err);
}

static int parse_timeout(const char *text, struct options *o, struct err *err)
{
	return parse_seconds("timeout", text, &o->settings.timeout, err);
}

static int parse_tools(const char *text, struct options *o, struct err *err)
{
	char *copy = xstrdup(text), *rest, *word;
	int rc = 0;

	if (!text[strspn(text, ",")])
		rc = err_input(err, "--tool: '%s' names no tool", text);
	o->settings.tools_given = true;
	for (word = strtok_r(copy, ",", &rest); word && !rc; word = strtok_r(NULL, ",", &rest)) {
		int tool = tool_from_name(word);

		if (tool < 0)
			rc = err_input(err, "--tool: '%s' is not a tool; choose from %s", word,
				       TOOL_NAMES(""));
		else
			o->settings.tools[tool] = true;
	}
	free(copy);
	return rc;
}

static int parse_schedules(const char *text, struct options *o, struct err *err)
{
	return parse_whole("schedules", text, 1, 1000000000, &o->settings.schedules, err);
}

static int parse_max_steps(const char *text, struct options *o, struct err *err)
{
	return parse_whole("max-steps", text, 1, 4000000000, &o->settings.max_steps, err);
}

static int parse_depth(const char *text, struct options *o, struct err *err)
{
	uint64_t number = 0;
	int rc = parse_whole("depth", text, 1, policy_most_depth(), &number, err);

	o->settings.depth = (unsigned)number;
	return rc;
}

static int parse_preemptions(const char *text, struct options *o, struct err *err)
{
	uint64_t number = 0;
	int rc = parse_whole("preemptions", text, 0, 1000, &number, err);

	o->settings.preemptions = (unsigned)number;
	o->settings.preemptions_given = true;
	return rc;
}

static int parse_strategy(const char *text, struct options *o, struct err *err)
{
	if (!policy_from_name(text))
		return err_input(err, "--strategy: '%s' is not a strategy; choose from %s", text,
				 POLICY_NAMES(""));
	o->settings.strategy = text;
	return 0;
}

static int parse_shard(const char *text, struct options *o, struct err *err)
{
	int used = 0;

	if (sscanf(text, "%u/%u%n", &o->shard, &o->shards, &used) != 2 || text[used] || !o->shard ||
	    o->shard > o->shards)
		return err_input(
			err, "--shard: expected I/N with I from 1 to N, as in 1/4, not '%s'", text);
	return 0;
}

static int parse_ok_exit(const char *text, struct options *o, struct err *err)
{
	if (!gate_add_exits(&o->settings.gate, text, err))
		return 0;
	return err_prefix(err, "--ok-exit");
}

static int parse_fail_on(const char *text, struct options *o, struct err *err)
{
	int severity = severity_from_name(text);

	if (severity < 0)
		return err_input(err, "--fail-on: '%s' is not a severity; choose from %s", text,
				 SEVERITY_NAMES);
	o->settings.gate.fail_on = (enum severity)severity;
	return 0;
}

static int parse_outcomes(const char *text, struct options *o, struct err *err)
{
	if (!*text || !strcmp(text, results_name(RESULTS_LISTED)))
		return err_input(err, "--outcomes: '%s' is neither any nor lines nor a file", text);
	o->outcomes = text;
	return 0;
}

static int parse_spurious(const char *text, struct options *o, struct err *err)
{
	uint64_t number = 0;
	int rc = parse_whole("spurious", text, 0, 1000000, &number, err);

	o->terms.few_spurious = true;
	o->terms.spurious = (unsigned)number;
	return rc;
}

static int parse_timeouts(const char *text, struct options *o, struct err *err)
{
	if (strcmp(text, "early") != 0 && strcmp(text, "due") != 0)
		return err_input(err, "--timeouts: '%s' is neither early nor due", text);
	o->terms.due_timeouts = !strcmp(text, "due");
	return 0;
}

static int parse_threads(const char *text, struct options *o, struct err *err)
{
	uint64_t number = 0;
	int rc = parse_whole("threads", text, 1, 1024, &number, err);

	o->threads = (unsigned)number;
	return rc;
}

// Options whose value needs parsing.
static int (*const parsers[OPT_NR])(const char *text, struct options *o, struct err *err) = {
	[OPT_TOOL] = parse_tools,          [OPT_RUNS] = parse_runs,
	[OPT_SCALE] = parse_scale,         [OPT_BUDGET] = parse_budget,
	[OPT_TIMEOUT] = parse_timeout,     [OPT_JOBS] = parse_jobs,
	[OPT_SEED] = parse_seed,           [OPT_SHARD] = parse_shard,
	[OPT_SCHEDULES] = parse_schedules, [OPT_DEPTH] = parse_depth,
	[OPT_STRATEGY] = parse_strategy,   [OPT_PREEMPTIONS] = parse_preemptions,
	[OPT_OK_EXIT] = parse_ok_exit,     [OPT_MAX_STEPS] = parse_max_steps,
	[OPT_FAIL_ON] = parse_fail_on,     [OPT_OUTCOMES] = parse_outcomes,
	[OPT_SPURIOUS] = parse_spurious,   [OPT_TIMEOUTS] = parse_timeouts,
	[OPT_THREADS] = parse_threads,
};

// The members that the other options set directly: a string, or true for an option without value.
static const size_t members[OPT_NR] = {
#define MEMBER(id, member) [OPT_##id] = offsetof(struct options, member)
	MEMBER(ALLOW_SEQUENTIAL, settings.gate.allow_sequential),
	MEMBER(QUICK, settings.quick),
	MEMBER(OUT, settings.out),
	MEMBER(NO_PERTURB, settings.no_perturb),
	MEMBER(CFLAGS, settings.cflags),
	MEMBER(LDFLAGS, settings.ldflags),
	MEMBER(ARGS, settings.args),
	MEMBER(CASES, cases),
	MEMBER(FAMILY, family),
	MEMBER(FORMAT, format),
	MEMBER(OUTPUT, output),
	MEMBER(JSON, json),
	MEMBER(QUIET, settings.quiet),
	MEMBER(HELP, help),
	MEMBER(TIMELINE, timeline),
	MEMBER(GDB, gdb),
	MEMBER(CC, settings.cc),
	MEMBER(STRICT, settings.gate.strict),
	MEMBER(AS_FOUND, settings.as_found),
#undef MEMBER
};

static int set_option(struct options *o, enum option_id id, const char *value, struct err *err)
{
	void *member = (char *)o + members[id];

	o->given[id] = value ? value : "";
	if (parsers[id])
		return parsers[id](value, o, err);
	if (!members[id])
		return err_harness(err, "--%s: is in neither table", table[id].name);
	if (table[id].value)
		*(const char **)member = value;
	else
		*(bool *)member = true;
	return 0;
}

static int unknown_option(const char *word, option_set allowed, struct err *err)
{
	const char *names[OPT_NR + 1];
	size_t nr = 0, len = strcspn(word, "=");
	char *plain = xstrndup(word, len);
	const char *near;

	for (int i = 0; i < OPT_NR; i++)
		if (allowed & ((option_set)1 << i))
			names[nr++] = table[i].name;
	near = plain[0] == '-' && plain[1] == '-' ? suggest(plain + 2, names, nr) : NULL;
	if (near)
		err_input(err, "%s: unknown option; did you mean --%s?", plain, near);
	else
		err_input(err, "%s: unknown option; see --help", plain);
	free(plain);
	return -1;
}

// An option that getopt refuses: a letter, a long one with an unexpected value, or unknown.
static int refuse_option(int c, const char *word, option_set allowed, struct err *err)
{
	if (c >= 256)
		return err_input(err, "--%s: takes no value", table[c - 256].name);
	if (c)
		return err_input(err, "-%c: unknown option; see --help", c);
	return unknown_option(word, allowed, err);
}

// getopt_long's table of the options in the set, with room for the terminator.
static void long_options(option_set allowed, struct option *longs)
{
	for (int i = 0; i < OPT_NR; i++)
		if (allowed & ((option_set)1 << i))
			*longs++ = (struct option){ table[i].name, table[i].value != NULL, NULL,
						    256 + i };
	*longs = (struct option){ 0 };
}

static int option_of(int c, option_set allowed)
{
	static const struct {
		char letter;
		enum option_id id;
	} letters[] = { { 'o', OPT_OUTPUT }, { 'q', OPT_QUIET }, { 'h', OPT_HELP } };

	if (c >= 256)
		return c - 256;
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
		if (c == letters[i].letter && (allowed & ((option_set)1 << letters[i].id)))
			return letters[i].id;
	return -1;
}

int options_parse(struct options *options, option_set allowed, int argc, char **argv,
		  struct err *err)
{
	struct option longs[OPT_NR + 1];
	int c, end = argc;

	*options = (struct options){ 0 };
	for (int i = 1; i < end; i++)
		if (!strcmp(argv[i], "--"))
			end = i;
	if (end < argc)
		options->program = (const char *const *)argv + end + 1;
	long_options(allowed, longs);
	opterr = 0;
	optind = 0; // start over
	while ((c = getopt_long(end, argv, ":o:qh", longs, NULL)) != -1) {
		if (c == ':')
			return err_input(err, "%s: needs a value", argv[optind - 1]);
		int id = option_of(c, allowed);

		if (id < 0)
			return refuse_option(c == '?' ? optopt : c, argv[optind - 1], allowed, err);
		if (set_option(options, (enum option_id)id, optarg, err))
			return -1;
	}
	options->names = (const char *const *)argv + optind;
	options->nr_names = (size_t)(end - optind);
	return 0;
}

int options_set(struct options *options, option_set allowed, const char *name, const char *value,
		struct err *err)
{
	for (int i = 0; i < OPT_NR; i++)
		if ((allowed & ((option_set)1 << i)) && !strcmp(table[i].name, name))
			return set_option(options, (enum option_id)i, value, err);
	return unknown_option(name, allowed, err);
}

void options_print(option_set set)
{
	for (int i = 0; i < OPT_NR; i++)
		if (set & ((option_set)1 << i)) {
			char *left = xasprintf("--%s%s%s", table[i].name, table[i].value ? " " : "",
					       table[i].value ? table[i].value : "");
			struct strbuf line = STRBUF_INIT;

			strbuf_addpad(&line, left, 19);
			printf("  %s %s\n", line.buf, table[i].help);
			strbuf_release(&line);
			free(left);
		}
}
