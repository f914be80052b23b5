#include "session/runner.h"

#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/rng.h"
#include "detect/evidence.h"
#include "session/flight.h"
#include "tool/system.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOGS_KEPT_PER_CELL = 5, OWN_TIMEOUT_S = 10, OWN_THREADS = 2, ASKED_TIMEOUT_S = 20 };

static const struct run_limits usual_limits = {
	.grace_ns = 2 * NS_PER_S,
	.memory_bytes = 4ULL << 30,
	.output_bytes = 4096,
	.flood_bytes = 64ULL << 20,
	.file_bytes = 1ULL << 30,
	.processes = 256,
};

static void flight_free(struct flight *flight)
{
	args_release(&flight->argv);
	args_release(&flight->env);
	if (flight->dir)
		fs_remove_tree(flight->dir);
	free(flight->dir);
	record_release(&flight->record);
	free(flight);
}

static long scale_of(const struct runner_settings *settings, const struct runner_cell *cell)
{
	const struct testcase *tc = cell->target->tc;
	const struct tool *tool = tool_get(cell->tool);

	if (settings->scale || !tc)
		return settings->scale;
	if (tool->small_scale)
		return tool_explores(tool) ? tc->scale_explore : tc->scale_small;
	return tool->id == TOOL_NATIVE ? tc->scale_default : tc->scale_tsan;
}

static int64_t timeout_of(const struct runner_settings *settings, const struct runner_cell *cell)
{
	const struct tool *tool = tool_get(cell->tool);
	int64_t plain = settings->timeout_ns ? settings->timeout_ns
			: cell->target->tc   ? cell->target->tc->timeout_ns
					     : OWN_TIMEOUT_S * NS_PER_S;

	if (cell->asked)
		return ASKED_TIMEOUT_S * NS_PER_S;
	// A campaign limits itself; this limit is for one that gets stuck.
	if (tool_explores(tool))
		plain += plain * (int64_t)(settings->explore.schedules / tool->iterations);
	return (int64_t)((double)plain * tool->timeout_factor);
}

// Every second run is pinned to one CPU: some bugs need two, others need to be preempted.
static uint64_t affinity(struct record *record, uint64_t nth)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t state = record->seed;

	if (nth % 2 == 0 || cpus < 2)
		return 0;
	return UINT64_C(1) << (rng_next(&state) % (uint64_t)(cpus < 64 ? cpus : 64));
}

// Not those that programs often end with: 0 to 2, 77 (skipped), 126 and above (the shell's).
static int drawn_code(uint64_t number)
{
	const int code = 3 + (int)(number % 122);

	return code == 125 || code == 77 ? 76 : code;
}

/*
 * What the program cannot know before it runs. From the system, not from the session's seed:
 * that one is meant to be known.
 */
static void draw(struct flight *flight, const struct tool *tool, const struct runner_cell *cell)
{
	uint64_t drawn[2] = { flight->record.seed, (uint64_t)clock_now() };

	(void)!getrandom(drawn, sizeof(drawn), 0);
	if (tool->id != TOOL_TSAN && tool->id != TOOL_TSAN_GCC)
		return;
	flight->record.tool_code = drawn_code(drawn[0]);
	if (cell->target->source)
		flight->key = drawn[1] | 1;
}

static void make_record(struct flight *flight, struct runner *runner,
			const struct runner_cell *cell, const struct artifact *artifact,
			uint64_t nth)
{
	const struct tool *tool = tool_get(cell->tool);
	struct record *r = &flight->record;
	uint64_t state;

	r->run = ++*runner->next_run;
	r->target = xstrdup(cell->target->id);
	r->tool = cell->tool;
	r->asked = cell->asked != NULL;
	r->build = xstrdup(cell->target->source ? tool->builds[artifact->build].name : "");
	// Depends only on the session's seed and the run's place in its cell.
	state = runner->settings->seed ^ (nth + 1) * UINT64_C(0x9E3779B97F4A7C15);
	r->seed = rng_next(&state);
	r->scale = scale_of(runner->settings, cell);
	draw(flight, tool, cell);
	r->perturbed = runner->settings->perturb && cell->tool == TOOL_NATIVE;
	r->no_aslr = runner->settings->toolchain->tools[cell->tool].no_aslr;
	// A campaign has a CPU to itself: its program and its driver take turns.
	if (tool_explores(tool))
		r->cpus = cpus_take(&runner->cpus);
	// Builds alternate run by run, so pinning must change at half that pace.
	else if (runner->settings->perturb)
		r->cpus = affinity(r, nth / (cell->nr_artifacts ? cell->nr_artifacts : 1));
}

/*
 * A program of long runs that mostly sleep or hang does not need a slot for
 * each of its threads.
 */
static bool sleeps(const struct runner_cell *cell)
{
	return cell->ended >= 3 && cell->wall_ns > (int64_t)cell->ended * 50 * NS_PER_MS &&
	       cell->cpu_ns * 4 < cell->wall_ns;
}

static void make_spec(struct flight *flight, const struct runner *runner,
		      const struct runner_cell *cell)
{
	const struct tool *tool = tool_get(cell->tool);
	const struct testcase *tc = cell->target->tc;
	const unsigned own = cell->target->threads ? cell->target->threads : OWN_THREADS;
	const unsigned threads = tc ? tc->threads + tc->processes - 1 : own;
	const unsigned cpus = (unsigned)__builtin_popcountll(runner->cpus.allowed);
	// More CPUs than there are it cannot use.
	const unsigned weight = cpus && cpus < threads ? cpus : threads;

	flight->spec = (struct run_spec){
		.argv = (const char *const *)flight->argv.items,
		.env = (const char *const *)flight->env.items,
		.cpus = flight->record.cpus,
		.no_aslr = flight->record.no_aslr,
		.unwind = !tool->serial,
		.tool_naps = tool->naps,
		.tells = tool_explores(tool),
		.starter = cell->target->argv && system_program(cell->target->argv[0]),
		.weight = tool->serial || flight->record.cpus || sleeps(cell) ? 1 : weight,
		.limits = usual_limits,
		.plan = flight,
	};
	flight->spec.limits.wall_ns = timeout_of(runner->settings, cell);
}

static struct run_spec *runner_next(void *ctx)
{
	struct runner *runner = ctx;
	long which = plan_next(&runner->plan);

	if (which < 0)
		return NULL;
	struct runner_cell *cell = &runner->cells.items[which];
	uint64_t nth = runner->plan.items[which].started - 1;
	const struct artifact *artifact = cell->artifacts[nth % cell->nr_artifacts];
	struct flight *flight = xcalloc(1, sizeof(*flight));

	flight->cell = (size_t)which;
	flight->guard = -1;
	flight->nth = nth;
	make_record(flight, runner, cell, artifact, nth);
	if (tool_get(cell->tool)->format != REPORT_NONE) {
		flight->dir = xasprintf("%s/%llu", runner->settings->store->work,
					(unsigned long long)flight->record.run);
		// If this fails the tool leaves no log, and that is seen.
		mkdir(flight->dir, 0700);
		// The explorer replaces files as it goes; its program runs apart from it.
		if (!tool_explores(tool_get(cell->tool)))
			flight->guard = guard_add(&runner->guard, flight->dir);
	}
	flight_make_argv(flight, runner->settings, cell, artifact->program);
	flight_make_env(flight, runner->settings, cell);
	make_spec(flight, runner, cell);
	return &flight->spec;
}

static char *log_name(const struct record *record)
{
	const char *target = record->target + strspn(record->target, "./");
	char *name = xasprintf("%s-%s", target, tool_name(record->tool));

	for (char *p = name; *p; p++)
		if (*p == '/' || *p == '.')
			*p = '-';
	return name;
}

static void collect(struct runner *runner, struct flight *flight, enum report_format format)
{
	// Before we touch them ourselves.
	char *touched = guard_take(&runner->guard, flight->guard);

	evidence_collect(format, flight->dir, flight->key, &flight->record);
	if (touched)
		record_tampered(&flight->record, touched);
}

static int runner_take_result(struct runner *runner, struct flight *flight, struct err *err)
{
	struct runner_cell *cell = &runner->cells.items[flight->cell];
	const struct tool *tool = tool_get(cell->tool);
	struct record *record = &flight->record;
	enum report_format format = cell->target->source ? tool->format : tool->foreign;
	const char *dir = runner->settings->store->dir;
	char *name;
	int rc = 0;

	if (flight->dir)
		collect(runner, flight, format);
	name = log_name(record);
	if (record->explored.schedules)
		rc = evidence_keep_schedules(flight->dir, dir, name, record, err);
	if (!rc && cell->kept < LOGS_KEPT_PER_CELL &&
	    (record->findings.nr || record->evidence == EVIDENCE_TAMPERED)) {
		rc = evidence_keep(flight->dir, dir, name, record, err);
		cell->kept++;
	}
	free(name);
	if (rc)
		return -1;
	return runner->record(runner->ctx, flight->cell, record, err);
}

static int runner_done(void *ctx, struct run_spec *spec, struct run_result *result, struct err *err)
{
	struct runner *runner = ctx;
	struct flight *flight = spec->plan;
	int64_t cost = result->wall_ns * spec->weight;
	size_t cell = flight->cell;
	int detected;

	if (tool_explores(tool_get(runner->cells.items[cell].tool)))
		cpus_give(&runner->cpus, flight->record.cpus);
	runner->cells.items[cell].wall_ns += result->wall_ns;
	runner->cells.items[cell].cpu_ns += result->cpu_ns;
	runner->cells.items[cell].ended++;
	record_take_result(&flight->record, result);
	detected = runner_take_result(runner, flight, err);
	flight_free(flight);
	if (detected < 0)
		return -1;
	if (plan_ended(&runner->plan, cell, detected, cost) && runner->cell_done)
		runner->cell_done(runner->ctx, cell);
	return 0;
}

static void runner_drop(void *ctx, struct run_spec *spec)
{
	struct runner *runner = ctx;
	struct flight *flight = spec->plan;

	if (tool_explores(tool_get(runner->cells.items[flight->cell].tool)))
		cpus_give(&runner->cpus, flight->record.cpus);
	flight_free(flight);
}

static void runner_tick(void *ctx)
{
	struct runner *runner = ctx;

	if (runner->tick)
		runner->tick(runner->ctx);
}

void runner_add(struct runner *runner, const struct target *target, enum tool_id tool,
		const struct artifact_list *artifacts, const struct plan_cell *plan)
{
	struct runner_cell *cell = VEC_PUSH(&runner->cells);

	cell->target = target;
	cell->tool = tool;
	for (size_t i = 0; i < artifacts->nr; i++) {
		const struct artifact *a = &artifacts->items[i];

		if (a->target == target && a->tool == tool && a->state == ARTIFACT_READY &&
		    a->program)
			cell->artifacts[cell->nr_artifacts++] = a;
	}
	*VEC_PUSH(&runner->plan) = *plan;
	if (!cell->nr_artifacts)
		plan_close(&runner->plan, runner->plan.nr - 1);
}

void runner_ask(struct runner *runner, const struct target *target,
		const struct artifact_list *artifacts, const char *questions)
{
	const struct plan_cell once = { .runs = 1 };

	runner_add(runner, target, TOOL_EXPLORE, artifacts, &once);
	runner->cells.items[runner->cells.nr - 1].asked = questions;
}

int runner_run(struct runner *runner, struct err *err)
{
	const struct pool_options options = {
		.slots = runner->settings->jobs,
		.deadline_ns = runner->settings->deadline_ns,
	};
	const struct pool_client client = {
		.ctx = runner,
		.next = runner_next,
		.done = runner_done,
		.drop = runner_drop,
		.tick = runner_tick,
	};
	int rc;

	cpus_init(&runner->cpus);
	guard_init(&runner->guard);
	rc = pool_run(&options, &client, err);
	guard_release(&runner->guard);
	return rc;
}

void runner_release(struct runner *runner)
{
	plan_release(&runner->plan);
	free(runner->cells.items);
	runner->cells.items = NULL;
}
