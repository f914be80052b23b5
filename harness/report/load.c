#include "report/report.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"
#include "report/merge.h"

#include <errno.h>
#include <stdio.h>
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

static int add_target(struct report *report, const json_t *json, struct err *err)
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
		*VEC_PUSH(&report->list) = (struct target){
			.id = xstrdup(id),
			.source =
				*text_of(json, "source") ? xstrdup(text_of(json, "source")) : NULL,
		};
	}
	return 0;
}

static int load_targets(struct report *report, struct err *err)
{
	const json_t *targets = json_object_get(report->session, "targets");
	const json_t *target, *entry;
	size_t i, k;

	json_array_foreach (targets, i, target) {
		if (add_target(report, target, err))
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
		json_array_foreach (json_object_get(target, "builds"), k, entry) {
			int tool = tool_from_name(text_of(entry, "tool"));

			if (tool >= 0 && !strcmp(text_of(entry, "state"), "build-failed"))
				rt->cells[tool].build_log = text_of(entry, "log");
		}
	}
	return 0;
}

static struct report_target *find_target(struct report *report, const char *id, size_t *hint)
{
	// Runs of one target mostly follow each other.
	for (size_t n = 0; n < report->list.nr; n++) {
		size_t i = (*hint + n) % report->list.nr;

		if (!strcmp(report->list.items[i].id, id)) {
			*hint = i;
			return &report->targets[i];
		}
	}
	return NULL;
}

static void take_run(struct report *report, const char *line, size_t *hint, bool last)
{
	json_t *json = json_loads(line, 0, NULL);
	struct record record;

	if (!json || record_from_json(json, &record)) {
		if (last && !json)
			report->incomplete = true; // cut off while it was written
		else
			report->damaged_lines++;
		json_decref(json);
		return;
	}
	json_decref(json);
	struct report_target *rt = find_target(report, record.target, hint);

	if (rt) { // canaries are not targets
		cell_add(&rt->cells[record.tool].cell, &record);
		merge_record(report, (size_t)(rt - report->targets), &record);
	} else if (strncmp(record.target, "canary/", strlen("canary/")) != 0) {
		report->damaged_lines++;
	}
	record_release(&record);
}

// Where a run's line is in runs.jsonl.
struct place {
	uint64_t run;
	long offset;
	bool cut;
};

struct places {
	struct place *items;
	size_t nr, alloc;
};

static int by_number(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->run != y->run)
		return x->run < y->run ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

/*
 * Runs are written as they end. They are read in the order in which they were
 * started: which one is the first must not depend on which was faster.
 */
static void find_lines(FILE *file, struct places *places)
{
	char *line = NULL;
	size_t alloc = 0;
	long offset = 0;
	ssize_t len;

	while ((len = getline(&line, &alloc, file)) > 0) {
		unsigned long long run = 0;

		sscanf(line, "{\"run\":%llu,", &run); // NOLINT(cert-err34-c): else it is damaged
		*VEC_PUSH(places) = (struct place){ run, offset, line[len - 1] != '\n' };
		offset += len;
	}
	free(line);
	if (places->nr)
		qsort(places->items, places->nr, sizeof(*places->items), by_number);
}

static void take_runs(struct report *report, FILE *file)
{
	struct places places = { 0 };
	char *line = NULL;
	size_t alloc = 0, hint = 0;

	find_lines(file, &places);
	for (size_t i = 0; i < places.nr && !ferror(file); i++)
		if (!fseek(file, places.items[i].offset, SEEK_SET) &&
		    getline(&line, &alloc, file) > 0)
			take_run(report, line, &hint, places.items[i].cut);
	free(places.items);
	free(line);
}

static int load_runs(struct report *report, struct err *err)
{
	char *path = xasprintf("%s/runs.jsonl", report->dir);
	FILE *file = fopen(path, "re");
	int rc = 0;

	if (!file) {
		rc = err_input(err, "%s: cannot open: %s", path, strerror(errno));
	} else {
		take_runs(report, file);
		if (ferror(file))
			rc = err_harness(err, "%s: cannot read: %s", path, strerror(errno));
		fclose(file);
	}
	free(path);
	return rc;
}

static void judge_cell(struct report *report, struct report_cell *rc)
{
	const json_t *tools = json_object_get(report->session, "tools"), *entry;
	struct circumstances circumstances = { .tool = TOOL_READY,
					       .build_failed = rc->build_log != NULL };
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

int report_load(const char *dir, const char *cases, struct report *report, struct err *err)
{
	char *kept = xasprintf("%s/cases", dir);
	int rc;

	*report = (struct report){ .dir = xstrdup(dir) };
	rc = load_session(report, err);
	if (!rc && (cases || fs_is_dir(kept)))
		rc = catalog_load(cases ? cases : kept, &report->catalog, err);
	if (!rc)
		rc = load_targets(report, err);
	if (!rc)
		rc = load_runs(report, err);
	free(kept);
	if (rc) {
		report_release(report);
		return -1;
	}
	report->incomplete |= strcmp(text_of(report->session, "status"), "complete") != 0;
	merge_finish(report);
	for (size_t i = 0; i < report->list.nr; i++)
		for (int t = 0; t < TOOL_NR; t++)
			if (report->targets[i].cells[t].asked)
				judge_cell(report, &report->targets[i].cells[t]);
	return 0;
}

void report_release(struct report *report)
{
	for (size_t i = 0; report->targets && i < report->list.nr; i++)
		for (int t = 0; t < TOOL_NR; t++) {
			cell_release(&report->targets[i].cells[t].cell);
			verdict_release(&report->targets[i].cells[t].verdict);
		}
	for (size_t i = 0; i < report->findings.nr; i++)
		bug_release(&report->findings.items[i]);
	free(report->findings.items);
	free(report->targets);
	target_list_release(&report->list);
	catalog_release(&report->catalog);
	json_decref(report->session);
	free(report->dir);
	*report = (struct report){ 0 };
}
