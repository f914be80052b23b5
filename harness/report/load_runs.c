#include "report/load_runs.h"

#include "base/json.h"
#include "base/mem.h"
#include "report/merge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
		if (!record.asked)
			cell_add(&rt->cells[record.tool].cell, &record);
		witness_list_take(&rt->answers, &record.answers);
		report_take_suppressed(report, &record);
		merge_record(report, (size_t)(rt - report->targets), &record);
	} else if (strncmp(record.target, "canary/", strlen("canary/")) != 0) {
		report->damaged_lines++;
	}
	record_release(&record);
}

static int by_run(const void *a, const void *b)
{
	const struct runs_line *x = a, *y = b;

	if (x->run != y->run)
		return x->run < y->run ? -1 : 1;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

/*
 * Runs are written as they end. They are read in the order in which they were
 * started: which one is the first must not depend on which was faster.
 */
static void find_lines(FILE *file, struct runs_lines *lines)
{
	char *line = NULL;
	size_t alloc = 0;
	long offset = 0;
	ssize_t len;

	while ((len = getline(&line, &alloc, file)) > 0) {
		bool cut = line[len - 1] != '\n';
		unsigned long long run = 0;

		sscanf(line, "{\"run\":%llu,", &run); // NOLINT(cert-err34-c): else it is damaged
		*VEC_PUSH(lines) = (struct runs_line){
			.run = run,
			.offset = offset,
			.number = lines->nr,
			.cut = cut,
			.whole = runs_line_is_whole(line, (size_t)len - !cut),
		};
		runs_seal_add(&lines->seal, line, (size_t)len);
		offset += len;
	}
	free(line);
	if (lines->nr)
		qsort(lines->items, lines->nr, sizeof(*lines->items), by_run);
}

static void take_lines(struct report *report, FILE *file, const struct runs_lines *lines)
{
	char *line = NULL;
	size_t alloc = 0, hint = 0;

	for (size_t i = 0; i < lines->nr && !ferror(file); i++) {
		const struct runs_line *l = &lines->items[i];
		bool again = i && l->run && l->run == l[-1].run;

		if (!again && !fseek(file, l->offset, SEEK_SET) && getline(&line, &alloc, file) > 0)
			take_run(report, line, &hint, l->cut);
	}
	free(line);
}

static void take_file(struct report *report, FILE *file)
{
	const json_t *said = json_object_get(report->session, "runs");
	bool running = !strcmp(text_of(report->session, "status"), "running");
	struct runs_lines lines = { 0 };
	struct runs_seal expected;
	bool known = !runs_seal_from_json(said, &expected);

	runs_seal_begin(&lines.seal, expected.key);
	find_lines(file, &lines);
	take_lines(report, file, &lines);
	if (known || running)
		report->damage = runs_damage(&lines, known ? &expected : NULL);
	else
		report->damage = xstrdup("session.json does not say how many runs there were");
	free(lines.items);
}

int report_load_runs(struct report *report, struct err *err)
{
	char *path = xasprintf("%s/runs.jsonl", report->dir);
	FILE *file = fopen(path, "re");
	int rc = 0;

	if (!file) {
		// What else is known of the session is still worth seeing.
		report->damage = xasprintf("runs.jsonl cannot be opened: %s", strerror(errno));
	} else {
		take_file(report, file);
		if (ferror(file))
			rc = err_harness(err, "%s: cannot read: %s", path, strerror(errno));
		fclose(file);
	}
	free(path);
	return rc;
}
