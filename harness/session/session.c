#include "session/session.h"

#include "base/args.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "judge/assess.h"
#include "session/asking.h"
#include "session/below.h"
#include "session/canary.h"
#include "session/choice.h"
#include "session/describe.h"
#include "session/exploring.h"
#include "session/kept_cases.h"
#include "session/probe.h"
#include "session/progress.h"
#include "session/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

// A cell of slow runs that has taken so many slot-seconds stops at its least number of runs.
enum { SLOW_CELL_S = 10, QUICK_PART = 4 };
// Runs sleep about as much as they compute: they line up their threads and wait for children.
enum { SLOTS_PER_CPU = 2 };
// Few targets are built and run first, so that results come at once; then so many times as many.
enum { FIRST_BATCH = 2, BATCH_GROWTH = 4 };

struct session {
	const struct settings *settings;
	const struct target_list *targets;
	struct home home;
	char *root; // home.root as short as it can be written
	struct toolchain toolchain;
	struct store store;
	struct artifact_list artifacts;
	struct runner runner;
	struct runner_settings runner_settings;
	struct session_facts facts;
	struct progress progress;
	bool (*asked)[TOOL_NR]; // for each target
	struct asking *asking;  // likewise
	// Why a tool was not asked about a target after all; NULL: it was.
	const struct limitation *(*unsupported)[TOOL_NR];
	struct probes probes;
	struct args questions; // files of what was asked
	uint64_t next_run;
	size_t nr_built; // artifacts
	size_t nr_cells, cells_done;
};

static void choose_tools(struct session *s)
{
	s->asked = xcalloc(s->targets->nr, sizeof(*s->asked));
	for (size_t i = 0; i < s->targets->nr; i++) {
		const char *const *argv = s->targets->items[i].argv;
		const bool tsan = argv && below_has_tsan(argv, s->store.work);

		for (int t = 0; t < TOOL_NR; t++)
			s->asked[i][t] = tool_applies(s->settings, &s->targets->items[i], t, tsan);
	}
	s->facts.asked = (const bool(*)[TOOL_NR])s->asked;
	s->unsupported = xcalloc(s->targets->nr, sizeof(*s->unsupported));
	s->facts.unsupported = s->unsupported;
}

static bool asked_at_all(const struct session *s, enum tool_id tool)
{
	for (size_t i = 0; i < s->targets->nr; i++)
		if (s->asked[i][tool])
			return true;
	return false;
}

static int save_facts(struct session *s, const char *status, struct err *err)
{
	json_t *json;
	int rc;

	s->facts.status = status;
	json = session_describe(&s->facts);
	if (*s->facts.ended) // nothing is appended any more
		json_object_set_new(json, "runs", runs_seal_to_json(&s->store.seal));
	rc = store_json(&s->store, "session.json", json, err);
	json_decref(json);
	return rc;
}

static void build_progress(void *ctx, size_t done, size_t all)
{
	struct session *s = ctx;

	progress_bar(&s->progress, (double)done / (double)all, "building");
}

static bool is_cell(const struct session *s, size_t target, int tool)
{
	return s->asked[target][tool] && s->toolchain.tools[tool].state == TOOL_READY;
}

static void add_artifacts(struct session *s)
{
	for (size_t i = 0; i < s->targets->nr; i++)
		for (int t = 0; t < TOOL_NR; t++)
			if (is_cell(s, i, t)) {
				artifact_add(&s->artifacts, &s->targets->items[i], t);
				s->nr_cells++;
			}
	s->facts.artifacts = &s->artifacts;
}

// Builds the targets up to number `end`; those before have been built.
static int build_targets(struct session *s, size_t end, struct err *err)
{
	const struct build_options options = { .home = &s->home,
					       .toolchain = &s->toolchain,
					       .jobs = s->runner_settings.jobs,
					       .progress = build_progress,
					       .ctx = s };
	struct artifact_list batch = { .items = s->artifacts.items + s->nr_built };
	int rc;

	while (s->nr_built + batch.nr < s->artifacts.nr &&
	       batch.items[batch.nr].target < s->targets->items + end)
		batch.nr++;
	s->nr_built += batch.nr;
	rc = artifact_build_all(&batch, &options, err);
	if (rc)
		return rc;
	for (size_t i = 0; i < batch.nr; i++)
		if (batch.items[i].state == ARTIFACT_FAILED)
			progress_line(&s->progress, "build-failed %s for %s",
				      batch.items[i].target->id, tool_name(batch.items[i].tool));
	return 0;
}

// Cases say for themselves what a tool cannot do.
static int probe_targets(struct session *s, size_t first, size_t end, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < s->artifacts.nr; i++) {
		const struct artifact *a = &s->artifacts.items[i];
		const size_t target = (size_t)(a->target - s->targets->items);
		const struct limitation **why = &s->unsupported[target][a->tool];

		if (target < first || target >= end || a->target->tc || !a->program || *why)
			continue;
		rc = probe_program(&s->probes, &s->runner_settings, a->tool, a->program,
				   &s->next_run, why, err);
		if (!rc && *why) {
			s->asked[target][a->tool] = false;
			s->nr_cells--;
			progress_line(&s->progress, "unsupported %s %s: it %s", a->target->id,
				      tool_name(a->tool), (*why)->wrong);
		}
	}
	return rc;
}

static bool must_detect(const struct target *target, enum tool_id tool)
{
	enum answer answer =
		target->tc ? target->tc->expect[target->variant][tool].answer : ANSWER_SILENT;

	return answer == ANSWER_DETECTS || answer == ANSWER_DIVERGES;
}

// With --quick a part of the usual number of runs, at least one.
static unsigned usual_or_quick(const struct session *s, unsigned runs)
{
	return !s->settings->quick ? runs : runs < QUICK_PART ? 1 : runs / QUICK_PART;
}

static struct plan_cell plan_of(const struct session *s, const struct target *target,
				enum tool_id t)
{
	const struct tool *tool = tool_get(t);
	bool detects = must_detect(target, t);

	if (s->settings->runs) // exactly as many as were asked for
		return (struct plan_cell){ .runs = s->settings->runs };
	if (tool_explores(tool))
		return (struct plan_cell){
			.must_detect = detects,
			.runs = (uint64_t)(detects ? tool->runs_racy : tool->runs_fixed) *
				s->runner_settings.explore.parts,
			.enough = detects ? tool->enough : 0,
			.round = s->runner_settings.explore.parts,
		};
	return (struct plan_cell){
		.must_detect = detects,
		// A bug that must be detected gets all its runs, quick or not.
		.runs = detects ? tool->runs_racy : usual_or_quick(s, tool->runs_fixed),
		.enough = detects ? usual_or_quick(s, tool->enough) : 0,
		.spend_ns = (int64_t)usual_or_quick(s, SLOW_CELL_S) * NS_PER_S,
		.least = usual_or_quick(s, tool->least),
	};
}

static int session_take_record(void *ctx, size_t index, const struct record *record,
			       struct err *err)
{
	struct session *s = ctx;
	const struct runner_cell *cell = &s->runner.cells.items[index];
	json_t *json = record_to_json(record);
	int rc = store_append(&s->store, json, err);
	struct assessment a;
	bool detected;

	json_decref(json);
	if (cell->asked)
		return rc;
	asking_take(&s->asking[cell->target - s->targets->items], record);
	assess(cell->target, record, &a);
	detected = assessment_answers(cell->target, cell->tool, &a);
	assessment_release(&a);
	s->progress.runs++;
	return rc ? -1 : detected;
}

static void session_cell_done(void *ctx, size_t index)
{
	struct session *s = ctx;
	const struct runner_cell *cell = &s->runner.cells.items[index];
	const struct plan_cell *plan = &s->runner.plan.items[index];
	const char *what = tool_explores(tool_get(cell->tool)) ? "campaign" : "run";

	if (cell->asked)
		return;
	s->cells_done++;
	if (s->progress.live && !plan->detected)
		return;
	progress_line(&s->progress, "[%zu/%zu] %s %s: detected in %llu of %llu %s%s", s->cells_done,
		      s->nr_cells, cell->target->id, tool_name(cell->tool),
		      (unsigned long long)plan->detected, (unsigned long long)plan->ended, what,
		      plan->ended == 1 ? "" : "s");
}

static void session_tick(void *ctx)
{
	struct session *s = ctx;
	const struct runner *r = &s->runner;
	size_t at = 0;
	char what[256];

	while (at + 1 < r->plan.nr && r->plan.items[at].ended >= r->plan.items[at].started &&
	       r->plan.items[at].started)
		at++;
	if (!r->plan.nr)
		return;
	snprintf(what, sizeof(what), "%s %llu/%llu %s", tool_name(r->cells.items[at].tool),
		 (unsigned long long)r->plan.items[at].detected,
		 (unsigned long long)r->plan.items[at].ended, r->cells.items[at].target->id);
	progress_bar(&s->progress,
		     plan_progress(&r->plan) * (double)r->plan.nr / (double)s->nr_cells, what);
}

// Runs the targets from number `first` up to `end`, which have been built.
static int run_targets(struct session *s, size_t first, size_t end, struct err *err)
{
	for (size_t i = first; i < end; i++)
		for (int t = 0; t < TOOL_NR; t++)
			if (is_cell(s, i, t)) {
				struct plan_cell plan = plan_of(s, &s->targets->items[i], t);

				runner_add(&s->runner, &s->targets->items[i], t, &s->artifacts,
					   &plan);
			}
	return runner_run(&s->runner, err);
}

// Puts what the detectors named and the explorer did not find to a directed campaign.
static int ask_about_targets(struct session *s, size_t first, size_t end, struct err *err)
{
	for (size_t i = first; i < end; i++) {
		char *path = xasprintf("%s/ask-%zu", s->store.work, i);
		int rc = is_cell(s, i, TOOL_EXPLORE) ? asking_write(&s->asking[i], path, err) : 0;

		if (rc > 0) {
			args_add(&s->questions, path);
			runner_ask(&s->runner, &s->targets->items[i], &s->artifacts,
				   s->questions.items[s->questions.nr - 1]);
		}
		free(path);
		if (rc < 0)
			return -1;
	}
	return runner_run(&s->runner, err);
}

static int build_and_run(struct session *s, struct err *err)
{
	const double budget = s->settings->budget;
	// A budget is shared by all targets, so all of them must be there when it begins.
	size_t batch = budget > 0 ? s->targets->nr : FIRST_BATCH, first = 0, end;
	int rc = 0;

	s->runner = (struct runner){
		.settings = &s->runner_settings,
		.next_run = &s->next_run,
		.ctx = s,
		.record = session_take_record,
		.cell_done = session_cell_done,
		.tick = session_tick,
		.plan.budgeted = budget > 0,
	};
	add_artifacts(s);
	for (; !rc && first < s->targets->nr; first = end, batch *= BATCH_GROWTH) {
		end = batch < s->targets->nr - first ? first + batch : s->targets->nr;
		rc = build_targets(s, end, err);
		if (!rc)
			rc = probe_targets(s, first, end, err);
		if (!rc)
			rc = save_facts(s, "running", err);
		if (rc)
			return rc;
		if (!first)
			s->progress.started_ns = clock_now();
		if (budget > 0)
			s->runner_settings.deadline_ns =
				clock_now() + (int64_t)(budget * (double)NS_PER_S);
		rc = run_targets(s, first, end, err);
		if (!rc)
			rc = ask_about_targets(s, first, end, err);
	}
	return rc;
}

static void session_init(struct session *s)
{
	const struct settings *o = s->settings;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t seed = o->seed;

	if (!o->seed_given && getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = (uint64_t)clock_now();
	home_find(&s->home);
	s->root = home_relative(s->home.root);
	s->runner_settings = (struct runner_settings){
		.home = &s->home,
		.toolchain = &s->toolchain,
		.store = &s->store,
		.seed = seed,
		.perturb = !o->no_perturb,
		.scale = o->scale,
		.timeout_ns = (int64_t)(o->timeout * (double)NS_PER_S),
		.jobs = o->jobs ? o->jobs : SLOTS_PER_CPU * (cpus > 0 ? (unsigned)cpus : 1),
		.args = o->args,
		.explore = exploring_of(o),
	};
	s->facts = (struct session_facts){
		.settings = o,
		.home = &s->home,
		.toolchain = &s->toolchain,
		.targets = s->targets,
		.seed = seed,
	};
	clock_stamp(s->facts.started);
}

static int session_work(struct session *s, struct err *err)
{
	bool used[TOOL_NR];
	int rc;

	choose_tools(s);
	s->asking = xcalloc(s->targets->nr, sizeof(*s->asking));
	if (kept_cases_save(s->store.dir, s->targets, err))
		return -1;
	toolchain_probe(&s->toolchain);
	if (s->settings->cc)
		toolchain_use(&s->toolchain, TOOL_EXPLORE, s->settings->cc);
	// A program that says its version may have been cut off.
	rc = interrupt_take();
	if (rc)
		return rc;
	if (save_facts(s, "running", err))
		return -1;
	for (int t = 0; t < TOOL_NR; t++)
		used[t] = asked_at_all(s, t);
	progress_bar(&s->progress, 0, "canaries");
	rc = canary_run(&s->runner_settings, &s->toolchain, used, &s->next_run, err);
	for (int t = 0; !rc && t < TOOL_NR; t++)
		if (used[t] && s->toolchain.tools[t].state != TOOL_READY)
			progress_line(&s->progress, "tool-unavailable %s: %s", tool_name(t),
				      s->toolchain.tools[t].reason);
	return rc ? rc : build_and_run(s, err);
}

static void session_release(struct session *s)
{
	runner_release(&s->runner);
	artifact_list_release(&s->artifacts);
	toolchain_release(&s->toolchain);
	store_release(&s->store);
	home_release(&s->home);
	free(s->asked);
	free(s->unsupported);
	probes_release(&s->probes);
	args_release(&s->questions);
	for (size_t i = 0; s->asking && i < s->targets->nr; i++)
		asking_release(&s->asking[i]);
	free(s->asking);
	free(s->root);
}

int session_run(const struct settings *settings, const struct target_list *targets, char **dir,
		struct err *err)
{
	struct session s = { .settings = settings, .targets = targets, .store = STORE_INIT };
	struct err later = ERR_INIT;
	const char *status;
	int rc;

	*dir = NULL;
	session_init(&s);
	progress_start(&s.progress, settings->quiet);
	if (store_create(&s.store, s.root, settings->out, err)) {
		session_release(&s);
		return -1;
	}
	*dir = xstrdup(s.store.dir);
	rc = session_work(&s, err);
	progress_end(&s.progress);
	status = rc < 0 ? "failed" : rc ? "interrupted" : "complete";
	clock_stamp(s.facts.ended);
	if (save_facts(&s, status, &later) && !rc) {
		*err = later;
		rc = -1;
	}
	session_release(&s);
	return rc;
}
