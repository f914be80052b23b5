// racegate explain: findings and verdicts of a session in full.
#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/output.h"
#include "report/explain.h"

#include <stdlib.h>
#include <string.h>

static const char latest[] = "reports/latest";

static bool is_session(const char *name)
{
	char *path = xasprintf("%s/session.json", name);
	bool is = fs_is_file(path);

	free(path);
	return is;
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

// A verdict goes by its target, its tool or its status; all that need attention without a name.
static bool verdict_meant(const struct report *report, size_t target, enum tool_id tool,
			  const char *name)
{
	const struct report_cell *rc = &report->targets[target].cells[tool];

	if (!rc->asked)
		return false;
	if (!name)
		return rc->verdict.status != VERDICT_PASS;
	return !strcmp(name, report->list.items[target].id) || !strcmp(name, tool_name(tool)) ||
	       !strcmp(name, verdict_status_name(rc->verdict.status));
}

// NULL: none has that name.
static json_t *explain_all(const struct report *report, const char *name)
{
	json_t *all = json_array();

	for (size_t i = 0; i < report->list.nr; i++)
		for (int t = 0; t < TOOL_NR; t++)
			if (verdict_meant(report, i, (enum tool_id)t, name))
				json_array_append_new(all,
						      explain_verdict(report, i, (enum tool_id)t));
	for (size_t i = 0; i < report->findings.nr; i++)
		if (!name || begins(report->findings.items[i].id, name))
			json_array_append_new(all,
					      explain_finding(report, &report->findings.items[i]));
	if (name && !json_array_size(all)) {
		json_decref(all);
		return NULL;
	}
	return all;
}

static void print_all(json_t *all, bool as_json, struct strbuf *out)
{
	const json_t *one;
	size_t i;

	if (as_json) {
		strbuf_add_json(out, json_incref(all), JSON_INDENT(1));
		return;
	}
	json_array_foreach (all, i, one) {
		if (i)
			strbuf_addch(out, '\n');
		explain_text(one, out);
	}
	if (!json_array_size(all))
		strbuf_addstr(out, "Nothing needs attention: all verdicts pass, no findings.\n");
}

int cmd_explain(const struct options *options)
{
	const char *dir = latest, *name = NULL;
	struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct report report;
	json_t *all;
	int rc;

	for (size_t i = 0; i < options->nr_names; i++)
		*(is_session(options->names[i]) ? &dir : &name) = options->names[i];
	if (report_load(dir, NULL, &report, &err))
		return report_error(&err);
	all = explain_all(&report, name);
	if (!all)
		err_input(&err,
			  "explain: %s has no finding, target, tool or verdict '%s'; "
			  "`racegate report %s` lists them",
			  dir, name, dir);
	else
		print_all(all, options->json, &out);
	rc = all ? output_print(&out, &err) : -1;
	json_decref(all);
	strbuf_release(&out);
	report_release(&report);
	return rc ? report_error(&err) : EXIT_CLEAN;
}
