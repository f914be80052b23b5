// report.json, schema "racegate-report/1".
#include "report/report.h"

#include "base/json.h"
#include "judge/outcome.h"
#include "judge/stats.h"
#include "report/campaigns.h"
#include "report/render_scoreboard.h"

#include <stdlib.h>
#include <string.h>

static json_t *verdict_json(const struct verdict *v)
{
	json_t *json =
		json_pack("{s:s,s:s,s:s,s:s}", "expected", v->expected, "observed", v->observed,
			  "status", verdict_status_name(v->status), "reason", v->reason);

	if (v->limitation)
		json_object_set_new(json, "limitation", json_true());
	if (v->limitation_gone)
		json_object_set_new(json, "limitation_gone", json_true());
	return json;
}

static json_t *builds_json(const struct cell *cell)
{
	json_t *array = json_array();

	for (size_t i = 0; i < MAX_BUILDS && cell->builds[i].name; i++)
		json_array_append_new(array,
				      json_pack("{s:s,s:I,s:I}", "build", cell->builds[i].name,
						"runs", (json_int_t)cell->builds[i].runs,
						"detected", (json_int_t)cell->builds[i].bug_runs));
	return array;
}

static json_t *outcomes_json(const struct cell *cell)
{
	json_t *array = json_array();

	for (size_t i = 0; i < cell->outcomes.nr; i++) {
		const struct outcome_count *o = &cell->outcomes.items[i];

		json_array_append_new(
			array, json_pack("{s:s,s:I,s:s,s:b,s:I,s:s*}", "text", o->text, "count",
					 (json_int_t)o->count, "grade", grade_name(o->grade),
					 "listed", o->listed, "first_run", (json_int_t)o->first_run,
					 "schedule", o->schedule));
	}
	// Listed outcomes that never appeared are there with 0, so that no reader has to look them
	// up.
	for (size_t i = 0; cell->target->tc && i < cell->target->tc->nr_outcomes; i++) {
		const struct outcome_row *row = &cell->target->tc->outcomes[i];
		bool seen = false;

		for (size_t k = 0; k < cell->outcomes.nr && !seen; k++)
			seen = outcome_row(cell->target, cell->outcomes.items[k].text) == row;
		if (!seen)
			json_array_append_new(
				array, json_pack("{s:s,s:i,s:s,s:b}", "text", row->result, "count",
						 0, "grade",
						 grade_name(cell->target->variant == VARIANT_RACY
								    ? row->racy
								    : row->fixed),
						 "listed", true));
	}
	return array;
}

static json_t *cell_findings(const struct report *report, const struct report_target *target,
			     enum tool_id t)
{
	json_t *ids = json_array();

	for (size_t i = 0; i < report->findings.nr; i++) {
		const struct bug *m = &report->findings.items[i];

		if (&report->targets[m->target] == target && m->tools[t])
			json_array_append_new(ids, json_string(m->id));
	}
	return ids;
}

static json_t *cell_json(const struct report *report, const struct report_target *target,
			 enum tool_id t)
{
	const struct report_cell *rc = &target->cells[t];
	const struct cell *cell = &rc->cell;
	uint64_t hits = report_cell_hits(cell);
	struct interval interval = stats_wilson(hits, cell->runs);
	char *guarantee = guarantee_text(&cell->guarantee);
	json_t *json = json_object();

	json_object_set_new(json, "tool", json_string(tool_name(t)));
	json_object_set_new(json, "runs", json_integer((json_int_t)cell->runs));
	json_object_set_new(json, "detected", json_integer((json_int_t)hits));
	json_object_set_new(json, "interval",
			    cell_has_rate(cell) ? json_pack("[f,f]", interval.low, interval.high)
						: json_null());
	json_object_set_new(json, "diverged", json_integer((json_int_t)cell->diverged));
	json_object_set_new(json, "unexpected", json_integer((json_int_t)cell->unexpected));
	json_object_set_new(json, "noted", json_integer((json_int_t)cell->noted));
	json_object_set_new(
		json, "inconclusive",
		json_integer((json_int_t)cell->inconclusive + (json_int_t)cell->undecided));
	json_object_set_new(json, "first_detection",
			    json_integer((json_int_t)cell->first_detection));
	if (cell->campaigns.nr)
		json_object_set_new(json, "time_to_detection", campaigns_json(&cell->campaigns));
	json_object_set_new(json, "cpu_ns", json_integer(cell->cpu_ns));
	json_object_set_new(json, "wall_ns", json_integer(cell->wall_ns));
	json_object_set_new(json, "builds", builds_json(cell));
	json_object_set_new(json, "outcomes", outcomes_json(cell));
	if (cell->programs.nr)
		json_object_set_new(json, "programs", programs_to_json(&cell->programs));
	if (cell->other_outcomes)
		json_object_set_new(json, "other_outcomes",
				    json_integer((json_int_t)cell->other_outcomes));
	if (cell->left_runs)
		json_object_set_new(json, "left_running",
				    json_pack("{s:I,s:s}", "runs", (json_int_t)cell->left_runs,
					      "first", cell->first_left));
	if (*guarantee)
		json_object_set_new(json, "guarantee", json_string(guarantee));
	free(guarantee);
	json_object_set_new(json, "findings", cell_findings(report, target, t));
	if (rc->build_log)
		json_object_set_new(json, "build_log", json_string(rc->build_log));
	json_object_set_new(json, "verdict", verdict_json(&rc->verdict));
	return json;
}

static json_t *targets_json(const struct report *report)
{
	json_t *array = json_array();

	for (size_t i = 0; i < report->list.nr; i++) {
		const struct report_target *target = &report->targets[i];
		const struct testcase *tc = target->target->tc;
		json_t *json = json_object(), *tools = json_array();
		json_t *unsupported = json_object();

		json_object_set_new(json, "id", json_string(target->target->id));
		json_object_set_new(json, "case", tc ? json_string(tc->id) : json_null());
		json_object_set_new(json, "variant",
				    tc ? json_string(variant_name(target->target->variant))
				       : json_null());
		for (int t = 0; t < TOOL_NR; t++)
			if (target->cells[t].asked)
				json_array_append_new(tools, cell_json(report, target, t));
		set_text(json, "accepted", target->target->gate.accepted);
		for (int t = 0; t < TOOL_NR; t++)
			if (target->cells[t].unsupported)
				json_object_set_new(unsupported, tool_name(t),
						    json_string(target->cells[t].unsupported->id));
		json_object_set_new(json, "unsupported", unsupported);
		json_object_set_new(json, "tools", tools);
		json_array_append_new(array, json);
	}
	return array;
}

// The locks that the finding's threads held, each once.
static json_t *all_locks(const struct finding *finding)
{
	json_t *array = json_array();

	for (size_t i = 0; i < finding->accesses.nr; i++)
		for (size_t k = 0; k < finding->accesses.items[i].nr_locks; k++) {
			const char *name = finding->accesses.items[i].locks[k];
			const json_t *entry;
			size_t n;
			bool seen = false;

			json_array_foreach (array, n, entry) {
				seen |= !strcmp(json_string_value(entry), name);
			}
			if (!seen)
				json_array_append_new(array, json_string(name));
		}
	return array;
}

static json_t *bug_json(const struct report *report, const struct bug *m)
{
	json_t *json = json_object(), *found = finding_to_json(&m->finding), *tools = json_object();
	struct strbuf title = STRBUF_INIT;

	report_finding_title(&m->finding, &title);
	for (int t = 0; t < TOOL_NR; t++)
		if (m->tools[t])
			json_object_set_new(tools, tool_name(t),
					    json_integer((json_int_t)m->tools[t]));
	json_object_set_new(json, "id", json_string(m->id));
	json_object_set_new(json, "target", json_string(report->list.items[m->target].id));
	json_object_set_new(json, "title", json_string(title.buf));
	json_object_set_new(json, "severity",
			    json_string(severity_name(kind_severity(m->finding.kind))));
	json_object_set_new(json, "grade",
			    m->triage.reason ? json_string(standing_name(m->triage.standing))
					     : json_null());
	json_object_set_new(json, "grade_reason",
			    m->triage.reason ? json_string(m->triage.reason) : json_null());
	if (m->triage.limitation)
		json_object_set_new(json, "limitation", json_string(m->triage.limitation->id));
	json_object_set_new(json, "tools", tools);
	json_object_set_new(json, "by_harness", json_boolean(m->by_harness));
	json_object_set_new(json, "first_run", json_integer((json_int_t)m->first_run));
	json_object_set_new(json, "log", m->log ? json_string(m->log) : json_null());
	json_object_set_new(json, "locks", all_locks(&m->finding));
	json_object_update(json, found); // kind, words, accesses, location
	json_object_del(json, "schedule");
	json_object_del(json, "hits");
	json_object_del(json, "first");
	// A detector leaves no schedule; the explorer keeps none that it could not follow again.
	json_object_set_new(json, "first_schedule",
			    m->schedule ? json_string(m->schedule) : json_null());
	json_object_set_new(json, "confirmed", m->schedule ? json_true() : json_null());
	json_decref(found);
	strbuf_release(&title);
	return json;
}

static json_t *scoreboard_json(const struct report *report)
{
	struct scoreboard board = { 0 };
	json_t *json;

	score_collect(report, &board);
	json = score_json(&board);
	scoreboard_release(&board);
	return json;
}

void render_json(const struct report *report, const struct render_options *options,
		 struct strbuf *out)
{
	json_t *root = json_object(), *findings = json_array(), *summary = json_object();

	(void)options;
	for (size_t i = 0; i < report->findings.nr; i++)
		json_array_append_new(findings, bug_json(report, &report->findings.items[i]));
	for (int s = 0; s < VERDICT_NR; s++)
		json_object_set_new(summary, verdict_status_name(s),
				    json_integer((json_int_t)report->verdicts[s]));
	json_object_set_new(summary, "targets", json_integer((json_int_t)report->list.nr));
	json_object_set_new(summary, "conclusive", json_integer((json_int_t)report->conclusive));
	json_object_set_new(summary, "limitations_gone",
			    json_integer((json_int_t)report->limitations_gone));
	json_object_set_new(summary, "damaged_lines",
			    json_integer((json_int_t)report->damaged_lines));
	if (report->suppressed)
		json_object_set(summary, "suppressed", report->suppressed);
	set_text(summary, "damage", report->damage);
	json_object_set_new(summary, "complete", json_boolean(!report->incomplete));
	json_object_set_new(root, "schema", json_string("racegate-report/1"));
	json_object_set(root, "session", report->session);
	json_object_set_new(root, "targets", targets_json(report));
	json_object_set_new(root, "findings", findings);
	json_object_set_new(root, "summary", summary);
	json_object_set_new(root, "scoreboard", scoreboard_json(report));
	strbuf_add_json(out, root, JSON_INDENT(1));
}
