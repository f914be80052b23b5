// The scoreboard of a report: its pairs, its definitions, its JSON.
#include "report/render_scoreboard.h"

#include "report/campaigns.h"

#include <math.h>
#include <string.h>

const struct score_definition score_definitions[] = {
	{ "TP, FN", "positives",
	  "racy variants: detected in at least one run; not detected. A detector detects when it "
	  "reports a finding of the case's kinds (a race: on a marked line); plain runs (native) "
	  "when an outcome is not acceptable or the harness sees a deadlock, hang or crash" },
	{ "FP, TN", "negatives",
	  "fixed variants: any report in at least one run (native: any outcome that is not "
	  "acceptable); none" },
	{ "RECALL", "recall", "TP/(TP+FN)" },
	{ "SPEC", "specificity", "specificity, TN/(TN+FP)" },
	{ "PREC", "precision", "precision, TP/(TP+FP)" },
	{ "F1", "f1", "2TP/(2TP+FP+FN)" },
	{ "ACC", "accuracy", "accuracy, (TP+TN)/(TP+FP+TN+FN)" },
	{ "SUPP", "support",
	  "tool support rate: pairs with an answer, of those asked. A pair is not supported when "
	  "the program does not build for the tool, or inconclusive runs (tool-error, "
	  "unsupported, missing evidence) prevent a verdict, or under the tool no run ends as the "
	  "case allows and nothing is reported; it counts in no other column" },
	{ "/RUN", "run_recall",
	  "recall of a single run: the fraction of a racy variant's runs that detect, averaged "
	  "over the racy variants" },
	{ "KIND", "in_kind",
	  "racy variants of a kind that the tool can detect (it reports one of the case's "
	  "kinds; native: the case has an outcome that is not acceptable), of TP+FN. A race "
	  "detector cannot see an atomicity violation: the second table leaves such cases out" },
	{ "HITS", "hits", "runs that detect, of all runs of the pairs with an answer" },
	{ "MEDIAN", "first_detection",
	  "and MAX: runs of a racy variant up to the first that detects, over the true positives" },
	{ "DETECTED", "time_to_detection",
	  "campaigns of the explorer that detected the racy variant: showed what the case says the "
	  "explorer detects, or an outcome that is not acceptable. MEDIAN, MAX: schedules until "
	  "then; FIXED, HITS: schedules of the fixed variant, and those with a finding" },
	{ "CPU s", "cpu_seconds", "processor time of all runs, including inconclusive ones" },
	{ NULL, NULL, NULL },
};

void score_collect(const struct report *report, struct scoreboard *board)
{
	for (size_t i = 0; i < report->list.nr; i++)
		for (int t = 0; t < TOOL_NR; t++) {
			const struct report_cell *rc = &report->targets[i].cells[t];

			if (rc->asked && rc->cell.target->tc)
				scoreboard_add(board, &rc->cell, &rc->verdict,
					       rc->build_log != NULL);
		}
}

size_t score_cases(const struct scoreboard *board)
{
	size_t nr = 0;

	for (size_t i = 0; i < board->nr; i++) {
		bool seen = false;

		for (size_t k = 0; k < i && !seen; k++)
			seen = !strcmp(board->items[k].id, board->items[i].id);
		nr += !seen;
	}
	return nr;
}

static json_t *number(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

static json_t *count(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *hits_json(uint64_t hits, uint64_t runs)
{
	return json_pack("{s:o,s:o}", "detected", count(hits), "runs", count(runs));
}

static json_t *sum_json(const struct scoreboard *board, enum tool_id tool, bool in_kind, int class)
{
	const struct score_scope scope = { .in_kind = in_kind, .class = class };
	json_t *json = json_object();
	struct score s;

	scoreboard_sum(board, tool, &scope, &s);
	json_object_set_new(json, "tp", count(s.tp));
	json_object_set_new(json, "fp", count(s.fp));
	json_object_set_new(json, "tn", count(s.tn));
	json_object_set_new(json, "fn", count(s.fn));
	json_object_set_new(json, "unsupported", count(s.unsupported));
	json_object_set_new(json, "unmeasured", count(s.unmeasured));
	json_object_set_new(json, "racy_in_kind", count(s.racy_in_kind));
	json_object_set_new(json, "recall", number(s.recall));
	json_object_set_new(json, "specificity", number(s.specificity));
	json_object_set_new(json, "precision", number(s.precision));
	json_object_set_new(json, "f1", number(s.f1));
	json_object_set_new(json, "accuracy", number(s.accuracy));
	json_object_set_new(json, "support", number(s.support));
	json_object_set_new(json, "adjusted_f1", number(s.adjusted_f1));
	json_object_set_new(json, "run_recall", number(s.run_recall));
	json_object_set_new(json, "racy_runs", hits_json(s.racy_hits, s.racy_runs));
	json_object_set_new(json, "fixed_runs", hits_json(s.fixed_hits, s.fixed_runs));
	json_object_set_new(json, "first_detection",
			    json_pack("{s:o,s:o}", "median", number(s.first_median), "max",
				      s.first_max ? count(s.first_max) : json_null()));
	json_object_set_new(json, "runs", count(s.runs));
	json_object_set_new(json, "cpu_seconds", json_real((double)s.cpu_ns / 1e9));
	return json;
}

static bool any(const struct scoreboard *board, enum tool_id tool, int class)
{
	const struct score_scope scope = { .class = class };
	struct score score;

	scoreboard_sum(board, tool, &scope, &score);
	return score_any(&score);
}

static json_t *tool_json(const struct scoreboard *board, enum tool_id tool)
{
	json_t *json = json_object(), *classes = json_object();

	for (int c = 0; c < CLASS_NR; c++)
		if (any(board, tool, c))
			json_object_set_new(classes, class_name((enum bug_class)c),
					    json_pack("{s:o,s:o}", "all",
						      sum_json(board, tool, false, c), "in_kind",
						      sum_json(board, tool, true, c)));
	json_object_set_new(json, "tool", json_string(tool_name(tool)));
	json_object_set_new(json, "all", sum_json(board, tool, false, -1));
	json_object_set_new(json, "in_kind", sum_json(board, tool, true, -1));
	json_object_set_new(json, "classes", classes);
	return json;
}

json_t *score_json(const struct scoreboard *board)
{
	json_t *json = json_object(), *definitions = json_object(), *tools = json_array();

	for (const struct score_definition *d = score_definitions; d->column; d++)
		json_object_set_new(definitions, d->key, json_string(d->meaning));
	for (int t = 0; t < TOOL_NR; t++)
		if (any(board, (enum tool_id)t, -1))
			json_array_append_new(tools, tool_json(board, (enum tool_id)t));
	json_object_set_new(json, "cases", count(score_cases(board)));
	json_object_set_new(
		json, "columns_as_in",
		json_string("DataRaceBench (Liao et al., SC 2017, doi:10.1145/3126908.3126958)"));
	json_object_set_new(json, "definitions", definitions);
	json_object_set_new(json, "tools", tools);
	json_object_set_new(json, "time_to_detection", campaigns_table_json(board));
	return json;
}
