#include "report/report.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"
#include "report/grading.h"
#include "report/load_runs.h"
#include "report/merge.h"

#include <stdlib.h>
#include <string.h>

static int load_session(struct report *report, struct err *err)
{
	char *path = xasprintf("%s/session.json", report->dir);
	json_error_t error;
	int rc = 0;

	report->session = json_load_file(path, 0, &error);
	if (!report->session && !fs_is_file(path))
		rc = err_input(err, "%s: not a session folder (no session.json)", report->dir);
	else if (!report->session)
		rc = err_input(err, "%s:%d:%d: not valid JSON: %s", path, error.line, error.column,
			       error.text);
	else if (strcmp(text_of(report->session, "schema"), "racegate-session/1") != 0)
		rc = err_input(err, "%s:1:1: schema is '%s', expected 'racegate-session/1'", path,
			       text_of(report->session, "schema"));
	free(path);
	return rc;
}

static const struct testcase *find_case(const struct catalog *catalog, const char *id)
{
	for (size_t i = 0; i < catalog->nr; i++)
		if (!strcmp(catalog->items[i]->id, id))
			return catalog->items[i];
	return NULL;
}

static int add_target(struct report *report, const json_t *json, const struct regrade *regrade,
		      struct err *err)
{
	const char *id = text_of(json, "id"), *kind = text_of(json, "kind");
	int variant = variant_from_name(text_of(json, "variant"));

	if (!strcmp(kind, "case")) {
		const struct testcase *tc = find_case(&report->catalog, text_of(json, "case"));

		if (!tc || variant < 0)
			return err_input(
				err, "%s: the case %s cannot be loaded from %s%s%s", report->dir,
				id, report->catalog.root, report->catalog.broken.nr ? ": " : "",
				report->catalog.broken.nr ? report->catalog.broken.items[0].err.text
							  : "");
		target_add_case(&report->list, tc, (enum variant)variant);
	} else {
		struct target *target = VEC_PUSH(&report->list);

		*target = (struct target){
			.id = xstrdup(id),
			.source =
				*text_of(json, "source") ? xstrdup(text_of(json, "source")) : NULL,
		};
		gate_from_json(json_object_get(json, "gate"), &target->gate);
		if (regrade->fail_on_given)
			target->gate.fail_on = regrade->fail_on;
		target->gate.strict |= regrade->strict;
	}
	return 0;
}

static int load_targets(struct report *report, const struct regrade *regrade, struct err *err)
{
	const json_t *targets = json_object_get(report->session, "targets");
	const json_t *target, *entry;
	size_t i, k;

	json_array_foreach (targets, i, target) {
		if (add_target(report, target, regrade, err))
			return -1;
	}
	report->targets = xcalloc(report->list.nr, sizeof(*report->targets));
	json_array_foreach (targets, i, target) {
		struct report_target *rt = &report->targets[i];

		rt->target = &report->list.items[i];
		for (int t = 0; t < TOOL_NR; t++)
			cell_init(&rt->cells[t].cell, rt->target, (enum tool_id)t);
		json_array_foreach (json_object_get(target, "tools"), k, entry) {
			int tool = tool_from_name(json_is_string(entry) ? json_string_value(entry)
									: "");

			if (tool >= 0)
				rt->cells[tool].asked = true;
		}
		for (int t = 0; t < TOOL_NR; t++)
			rt->cells[t].unsupported = limitation_from_id(
				text_of(json_object_get(target, "unsupported"), tool_name(t)));
		json_array_foreach (json_object_get(target, "builds"), k, entry) {
			int tool = tool_from_name(text_of(entry, "tool"));

			if (tool >= 0 && !strcmp(text_of(entry, "state"), "build-failed"))
				rt->cells[tool].build_log = text_of(entry, "log");
		}
	}
	return 0;
}

// Whether it is known that in no run of the target anything was concurrent.
static bool is_sequential(const struct report_target *target)
{
	bool unknown = false, alone = false;

	for (int t = 0; t < TOOL_NR; t++) {
		const int company = cell_company(&target->cells[t].cell, &unknown);

		if (company > 0)
			return false;
		alone |= company < 0;
	}
	return alone && !unknown;
}

static void judge_cell(struct report *report, struct report_cell *rc, bool sequential)
{
	const json_t *tools = json_object_get(report->session, "tools"), *entry;
	struct circumstances circumstances = { .tool = TOOL_READY,
					       .build_failed = rc->build_log != NULL,
					       .sequential = sequential };
	size_t i;

	json_array_foreach (tools, i, entry) {
		int state = tool_state_from_name(text_of(entry, "state"));

		if (state >= 0 && !strcmp(text_of(entry, "tool"), tool_name(rc->cell.tool))) {
			circumstances.tool = (enum tool_state)state;
			circumstances.tool_reason =
				json_string_value(json_object_get(entry, "reason"));
		}
	}
	cell_sort(&rc->cell);
	verdict_of(&rc->cell, &circumstances, &rc->verdict);
	report->verdicts[rc->verdict.status]++;
	report->limitations_gone += rc->verdict.limitation_gone;
}

static void judge_target(struct report *report, struct report_target *target)
{
	bool conclusive = true, sequential = is_sequential(target);

	for (int t = 0; t < TOOL_NR; t++)
		if (target->cells[t].asked) {
			judge_cell(report, &target->cells[t], sequential);
			conclusive &= verdict_is_conclusive(&target->cells[t].verdict);
		}
	report->conclusive += conclusive;
}

int report_load(const char *dir, const struct regrade *regrade, struct report *report,
		struct err *err)
{
	static const struct regrade nothing = { 0 };
	char *kept = xasprintf("%s/cases", dir);
	int rc;

	*report = (struct report){ .dir = xstrdup(dir) };
	rc = load_session(report, err);
	regrade = regrade ? regrade : &nothing;
	if (!rc && (regrade->cases || fs_is_dir(kept)))
		rc = catalog_load(regrade->cases ? regrade->cases : kept, &report->catalog, err);
	if (!rc)
		rc = load_targets(report, regrade, err);
	if (!rc)
		rc = report_load_runs(report, err);
	free(kept);
	if (rc) {
		report_release(report);
		return -1;
	}
	report->incomplete |=
		report->damage || strcmp(text_of(report->session, "status"), "complete") != 0;
	merge_finish(report);
	report_grade(report);
	for (size_t i = 0; i < report->list.nr; i++)
		judge_target(report, &report->targets[i]);
	return 0;
}

void report_release(struct report *report)
{
	for (size_t i = 0; report->targets && i < report->list.nr; i++) {
		witness_list_release(&report->targets[i].answers);
		for (int t = 0; t < TOOL_NR; t++) {
			cell_release(&report->targets[i].cells[t].cell);
			verdict_release(&report->targets[i].cells[t].verdict);
		}
	}
	for (size_t i = 0; i < report->findings.nr; i++)
		bug_release(&report->findings.items[i]);
	free(report->findings.items);
	free(report->targets);
	target_list_release(&report->list);
	catalog_release(&report->catalog);
	json_decref(report->session);
	json_decref(report->suppressed);
	free(report->damage);
	free(report->dir);
	*report = (struct report){ 0 };
}
