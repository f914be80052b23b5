#include "session/probe.h"

#include "base/clock.h"
#include "base/imports.h"
#include "base/mem.h"
#include "judge/assess.h"

#include <stdlib.h>
#include <string.h>

enum { PROBE_TIMEOUT_S = 10 };

struct probing {
	struct target target;
	struct runner runner;
	struct store *store;
	bool failed;
};

void probes_release(struct probes *probes)
{
	free(probes->items);
	*probes = (struct probes){ 0 };
}

static int probe_take_record(void *ctx, size_t index, const struct record *record, struct err *err)
{
	struct probing *probing = ctx;
	json_t *json = record_to_json(record);
	int rc = store_append(probing->store, json, err);
	struct assessment a;

	(void)index;
	json_decref(json);
	assess(&probing->target, record, &a);
	probing->failed = a.detected || a.diverged || a.inconclusive || record->how != ENDING_EXIT;
	assessment_release(&a);
	return rc ? -1 : 0;
}

// A probe that does not compile says nothing against the tool.
static int probe_run(struct probe_answer *answer, const struct runner_settings *settings,
		     uint64_t *next_run, // NOLINT(readability-non-const-parameter): it counts on
		     struct err *err)
{
	const struct plan_cell once = { .runs = 1 };
	const struct build_options build = { .home = settings->home,
					     .toolchain = settings->toolchain,
					     .jobs = settings->jobs };
	struct runner_settings own = *settings;
	struct probing probing = { .store = settings->store };
	struct artifact_list artifacts = { 0 };
	int rc;

	own.perturb = false;
	own.scale = 0;
	own.timeout_ns = PROBE_TIMEOUT_S * NS_PER_S;
	own.deadline_ns = 0;
	own.args = NULL;
	probing.target.id = xasprintf("canary/%s", answer->limitation->probe);
	probing.target.source = xasprintf("%s/harness/tool/canary/%s.c", settings->home->root,
					  answer->limitation->probe);
	probing.runner = (struct runner){
		.settings = &own, .next_run = next_run, .ctx = &probing, .record = probe_take_record
	};
	artifact_add(&artifacts, &probing.target, answer->tool);
	rc = artifact_build_all(&artifacts, &build, err);
	if (!rc) {
		runner_add(&probing.runner, &probing.target, answer->tool, &artifacts, &once);
		rc = runner_run(&probing.runner, err);
	}
	answer->state = probing.failed ? PROBE_FAILS : PROBE_WORKS;
	runner_release(&probing.runner);
	artifact_list_release(&artifacts);
	free(probing.target.id);
	free(probing.target.source);
	return rc;
}

static struct probe_answer *answer_of(struct probes *probes, const struct limitation *limitation,
				      enum tool_id tool)
{
	struct probe_answer *answer;

	for (size_t i = 0; i < probes->nr; i++)
		if (probes->items[i].limitation == limitation && probes->items[i].tool == tool)
			return &probes->items[i];
	answer = VEC_PUSH(probes);
	*answer = (struct probe_answer){ limitation, tool, PROBE_OPEN };
	return answer;
}

int probe_program(struct probes *probes, const struct runner_settings *settings, enum tool_id tool,
		  const char *program, uint64_t *next_run, const struct limitation **out,
		  struct err *err)
{
	*out = NULL;
	for (const struct limitation *row = limitations; row->id && !*out; row++) {
		struct probe_answer *answer;
		int rc = 0;

		if (row->proof != PROOF_PROBE || !limitation_is_of(row, tool) ||
		    !imports_function(program, row->symbol))
			continue;
		answer = answer_of(probes, row, tool);
		if (answer->state == PROBE_OPEN)
			rc = probe_run(answer, settings, next_run, err);
		if (rc)
			return rc;
		if (answer->state == PROBE_FAILS)
			*out = row;
	}
	return 0;
}
