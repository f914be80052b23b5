#include "session/canary.h"

#include "base/clock.h"
#include "base/mem.h"
#include "judge/assess.h"

#include <stdlib.h>
#include <string.h>

enum {
	// TSan misses a plain race about once in 1000 runs: three misses in a row are one in 10^9.
	TRIES = 3,
	CANARY_TIMEOUT_S = 10,
	CANARY_SCHEDULES = 100,
};

// The results of one tool's runs.
struct answers {
	bool asked, detected, alarmed;
	char *inconclusive;
};

struct canary {
	struct target race, ordered, hang;
	struct answers answers[TOOL_NR];
	struct runner runner;
	struct store *store;
};

static void name_target(struct target *target, const struct home *home, const char *name)
{
	target->id = xasprintf("canary/%s", name);
	target->source = xasprintf("%s/harness/tool/canary/%s.c", home->root, name);
}

static void free_target(struct target *target)
{
	free(target->id);
	free(target->source);
}

static int canary_take_record(void *ctx, size_t index, const struct record *record, struct err *err)
{
	struct canary *canary = ctx;
	const struct runner_cell *cell = &canary->runner.cells.items[index];
	struct answers *answers = &canary->answers[cell->tool];
	json_t *json = record_to_json(record);
	struct assessment a;
	int rc = store_append(canary->store, json, err);

	json_decref(json);
	assess(cell->target, record, &a);
	if (cell->target == &canary->ordered)
		answers->alarmed |= a.detected || a.diverged;
	else
		answers->detected |= a.detected;
	if (a.inconclusive && !answers->inconclusive)
		answers->inconclusive = xasprintf("%s%s%s", a.inconclusive,
						  record->err && *record->err ? "; it said: " : "",
						  record->err ? record->err : "");
	bool detected = a.detected;

	assessment_release(&a);
	return rc ? -1 : detected;
}

static void canary_verdict(struct tool_status *status, struct answers *answers,
			   const char *build_log)
{
	free(status->reason);
	status->reason = NULL;
	status->state = TOOL_BROKEN;
	if (build_log)
		status->reason = xasprintf("a canary does not compile: %s", build_log);
	else if (answers->inconclusive)
		status->reason = xstrdup(answers->inconclusive);
	else if (answers->alarmed)
		status->reason = xstrdup("it reports a false positive on the repaired canary");
	else if (!answers->detected)
		status->reason = xasprintf("it did not detect the planted bug in %d runs", TRIES);
	else
		status->state = TOOL_READY;
}

static const char *failed_build(const struct artifact_list *artifacts, enum tool_id tool)
{
	for (size_t i = 0; i < artifacts->nr; i++)
		if (artifacts->items[i].tool == tool &&
		    artifacts->items[i].state == ARTIFACT_FAILED)
			return artifacts->items[i].log;
	return NULL;
}

// One round for the tools that are to be asked.
static int canary_ask(struct canary *canary, const struct runner_settings *settings,
		      struct toolchain *toolchain, uint64_t *next_run, struct err *err)
{
	const struct plan_cell must_see = {
		.must_detect = true, .runs = TRIES, .enough = 1, .round = 1
	};
	const struct plan_cell must_not = { .runs = 1 };
	const struct build_options build = { .home = settings->home,
					     .toolchain = toolchain,
					     .jobs = settings->jobs };
	struct artifact_list artifacts = { 0 };
	int rc;

	for (int t = 0; t < TOOL_NR; t++)
		if (canary->answers[t].asked) {
			artifact_add(&artifacts, t == TOOL_NATIVE ? &canary->hang : &canary->race,
				     t);
			artifact_add(&artifacts, &canary->ordered, t);
		}
	rc = artifact_build_all(&artifacts, &build, err);
	canary->runner = (struct runner){ .settings = settings,
					  .ctx = canary,
					  .record = canary_take_record };
	canary->runner.next_run = next_run;
	for (int t = 0; !rc && t < TOOL_NR; t++)
		if (canary->answers[t].asked) {
			runner_add(&canary->runner,
				   t == TOOL_NATIVE ? &canary->hang : &canary->race, t, &artifacts,
				   &must_see);
			runner_add(&canary->runner, &canary->ordered, t, &artifacts, &must_not);
		}
	if (!rc)
		rc = runner_run(&canary->runner, err);
	for (int t = 0; !rc && t < TOOL_NR; t++)
		if (canary->answers[t].asked)
			canary_verdict(&toolchain->tools[t], &canary->answers[t],
				       failed_build(&artifacts, t));
	runner_release(&canary->runner);
	artifact_list_release(&artifacts);
	return rc;
}

// Keeps only the tools worth a second try, without ASLR; returns how many.
static size_t second_try(struct canary *canary, struct toolchain *toolchain)
{
	size_t nr = 0;

	for (int t = 0; t < TOOL_NR; t++) {
		struct answers *answers = &canary->answers[t];

		answers->asked = answers->asked && toolchain->tools[t].state == TOOL_BROKEN;
		free(answers->inconclusive);
		*answers = (struct answers){ .asked = answers->asked };
		toolchain->tools[t].no_aslr = answers->asked;
		nr += answers->asked;
	}
	return nr;
}

int canary_run(const struct runner_settings *settings, struct toolchain *toolchain,
	       const bool tools[TOOL_NR], uint64_t *next_run, struct err *err)
{
	struct runner_settings own = *settings;
	struct canary canary = { .store = settings->store };
	int rc;

	own.perturb = false;
	own.scale = 0;
	own.timeout_ns = CANARY_TIMEOUT_S * NS_PER_S;
	own.deadline_ns = 0;
	own.args = NULL;
	// Independent of the settings: a canary shows that the tool works and must be quick.
	own.explore = (struct explore_settings){ .schedules = CANARY_SCHEDULES, .parts = 1 };
	name_target(&canary.race, settings->home, "race");
	name_target(&canary.ordered, settings->home, "ordered");
	name_target(&canary.hang, settings->home, "hang");
	for (int t = 0; t < TOOL_NR; t++)
		canary.answers[t].asked = tools[t] && toolchain->tools[t].state == TOOL_UNPROBED;
	rc = canary_ask(&canary, &own, toolchain, next_run, err);
	if (!rc && second_try(&canary, toolchain))
		rc = canary_ask(&canary, &own, toolchain, next_run, err);
	for (int t = 0; t < TOOL_NR; t++)
		free(canary.answers[t].inconclusive);
	free_target(&canary.race);
	free_target(&canary.ordered);
	free_target(&canary.hang);
	return rc;
}
