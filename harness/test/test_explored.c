#include "test/explored.h"

#include "base/child.h"
#include "base/fs.h"
#include "base/mem.h"
#include "build/flags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { MAX_BUILT = 128 };

static const char *const ending_words[] = {
	[RT_END_RUNNING] = "running", [RT_END_EXIT] = "exit",
	[RT_END_SIGNAL] = "signal",   [RT_END_STUCK] = "stuck",
	[RT_END_STEPS] = "steps",     [RT_END_LIVELOCK] = "livelock",
	[RT_END_THREADS] = "threads", [RT_END_DIVERGED] = "diverged",
	[RT_END_WALL] = "wall",       [RT_END_LIMIT] = "limit",
};

// "gcc", or "gcc -O2".
static void compile(const char *compiler, const char *source, const char *program)
{
	static const char *const own[] = { "-D_GNU_SOURCE", "-Icases/include" };
	const char *level = strchr(compiler, ' ');
	char *name = level ? xstrndup(compiler, (size_t)(level - compiler)) : xstrdup(compiler);
	const struct tool *tool = tool_get(TOOL_EXPLORE);
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct args argv = { 0 };
	struct err err = ERR_INIT;
	int status;

	args_add(&argv, name);
	flags_compile(&argv, tool, 0, name, true);
	if (level)
		args_add(&argv, level + 1); // the last one counts
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		args_add(&argv, own[i]);
	args_add(&argv, source);
	flags_link(&argv, tool, "build");
	flags_link_last(&argv, tool, "build");
	args_add(&argv, "-o");
	args_add(&argv, program);
	args_end(&argv);
	spec.argv = (const char *const *)argv.items;
	if (child_capture(&spec, 60000, &output, &status, &err) || status) {
		fprintf(stderr, "%s does not build: %s%s\n", source, err.text,
			output.len ? output.buf : "");
		exit(1);
	}
	strbuf_release(&output);
	args_release(&argv);
	free(name);
}

// Once for each test program.
static bool built_before(const char *name)
{
	static char built[MAX_BUILT][64];

	for (int i = 0; i < MAX_BUILT; i++) {
		if (!strcmp(built[i], name))
			return true;
		if (!built[i][0]) {
			snprintf(built[i], sizeof(built[i]), "%s", name);
			return false;
		}
	}
	return false;
}

void explored_start(struct explored *e, const char *name, const char *arg)
{
	explored_start_by(e, "clang", name, arg);
}

void explored_start_by(struct explored *e, const char *compiler, const char *name, const char *arg)
{
	char *source = xasprintf("harness/test/fixtures/explore/%s.c", name);
	char *program = xasprintf("build/fixtures/explore_%s_%s", name, compiler);
	const char *const argv[] = { program, arg, NULL };
	struct err err = ERR_INIT;

	*e = (struct explored){ .warm = WARM_INIT };
	if (fs_mkdirs("build/fixtures", &err))
		fprintf(stderr, "%s\n", err.text);
	if (!built_before(program))
		compile(compiler, source, program);
	if (warm_start(&e->warm, argv, &err)) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	e->request.rt = (struct rt_request){ .depth = 3,
					     .quantum = 3,
					     .max_steps = 1000000,
					     .steps = 100,
					     .threads = 16,
					     .wall_ms = 20000,
					     .early_timeouts = true,
					     .spurious = true,
					     .most_spurious = UINT32_MAX };
	free(program);
	free(source);
}

static void learn(struct rt_known *table, uint64_t hash)
{
	struct rt_known *entry = rt_known_entry(table, hash);

	if (entry && !entry->hash)
		*entry = (struct rt_known){ hash, 1 };
}

static uint64_t count_of(struct rt_known *table, uint64_t hash)
{
	const struct rt_known *entry = rt_known_entry(table, hash);

	return entry && entry->hash ? entry->count : 0;
}

static void take_outcome(struct explored *e)
{
	const struct rt_result *r = &e->warm.shared->result;
	struct strbuf out = STRBUF_INIT;

	for (unsigned i = 0; i < e->nr_outcomes; i++)
		if (e->outcomes[i].hash == r->outcome)
			return;
	if (e->nr_outcomes == MAX_SEEN)
		return;
	strbuf_addstr(&out, ending_words[r->ending]);
	if (r->ending == RT_END_EXIT || r->ending == RT_END_SIGNAL)
		strbuf_addf(&out, " %u", r->code);
	strbuf_addstr(&out, ": ");
	warm_output(e->warm.out, 4096, &out);
	e->outcomes[e->nr_outcomes++] = (struct seen_outcome){ r->outcome, strbuf_detach(&out) };
	learn(e->warm.shared->outcomes, r->outcome);
}

static void take_findings(struct explored *e)
{
	const struct rt_result *r = &e->warm.shared->result;

	for (uint32_t i = 0; i < r->nr_findings; i++) {
		bool seen = false;

		for (unsigned k = 0; k < e->nr_findings; k++)
			seen |= e->findings[k].finding.fingerprint == r->findings[i].fingerprint;
		if (seen || e->nr_findings == MAX_SEEN)
			continue;
		e->findings[e->nr_findings++] =
			(struct seen_finding){ e->iterations, r->findings[i] };
		learn(e->warm.shared->findings, r->findings[i].fingerprint);
	}
}

void explored_run(struct explored *e, enum rt_policy_id policy, uint64_t seed, uint64_t iterations)
{
	struct rt_request *request = &e->request.rt;
	const struct rt_result *result = &e->warm.shared->result;
	uint64_t end = e->iterations + iterations;
	struct err err = ERR_INIT;

	request->policy = policy;
	while (e->iterations < end) {
		request->iterations = (uint32_t)(end - e->iterations);
		request->seed = seed;
		request->first = e->iterations + 1;
		if (warm_request(&e->warm, &e->request, &err)) {
			fprintf(stderr, "%s\n", err.text);
			exit(1);
		}
		e->iterations += result->iterations;
		request->steps = result->most_steps;
		take_outcome(e);
		take_findings(e);
	}
}

void explored_widely(struct explored *e, uint64_t seed, uint64_t iterations)
{
	static const enum rt_policy_id policies[] = { RT_POLICY_RANDOM, RT_POLICY_PCT,
						      RT_POLICY_POS };

	for (size_t i = 0; i < ARRAY_SIZE(policies); i++)
		explored_run(e, policies[i], seed, iterations);
}

void explored_end(struct explored *e)
{
	for (unsigned i = 0; i < e->nr_outcomes; i++)
		free(e->outcomes[i].text);
	warm_release(&e->warm);
}

uint64_t explored_outcome(const struct explored *e, const char *text)
{
	for (unsigned i = 0; i < e->nr_outcomes; i++)
		if (!strcmp(e->outcomes[i].text, text))
			return count_of(e->warm.shared->outcomes, e->outcomes[i].hash);
	return 0;
}

const struct rt_finding *explored_finding(const struct explored *e, enum rt_finding_kind kind)
{
	for (unsigned i = 0; i < e->nr_findings; i++)
		if (e->findings[i].finding.kind == kind)
			return &e->findings[i].finding;
	return NULL;
}

const char *explored_words(const struct explored *e)
{
	static char words[8192];
	size_t len = 0;

	words[0] = '\0';
	for (unsigned i = 0; i < e->nr_outcomes && len < sizeof(words) - 512; i++)
		len += (size_t)snprintf(words + len, 400, "[%.300s] x%llu ", e->outcomes[i].text,
					(unsigned long long)count_of(e->warm.shared->outcomes,
								     e->outcomes[i].hash));
	for (unsigned i = 0; i < e->nr_findings && len < sizeof(words) - 512; i++)
		len += (size_t)snprintf(words + len, 400, "finding %u ",
					e->findings[i].finding.kind);
	return words;
}
