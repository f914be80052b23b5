#include "report/merge.h"

#include "base/hash.h"
#include "base/mem.h"
#include "tool/tool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A deep copy, through the form that is on disk anyway.
static void copy_finding(const struct finding *from, struct finding *to)
{
	json_t *json = finding_to_json(from);

	if (finding_from_json(json, to))
		*to = (struct finding){ .kind = from->kind };
	json_decref(json);
}

static struct bug *bug_find(struct report *report, size_t target, uint64_t fingerprint)
{
	for (size_t i = 0; i < report->findings.nr; i++)
		if (report->findings.items[i].target == target &&
		    report->findings.items[i].fingerprint == fingerprint)
			return &report->findings.items[i];
	return NULL;
}

static struct bug *bug_make(struct report *report, size_t target, const struct finding *finding,
			    uint64_t fingerprint, const struct record *record)
{
	struct bug *bug = VEC_PUSH(&report->findings);
	uint64_t id = hash_bytes(hash_str(HASH_INIT, report->list.items[target].id), &fingerprint,
				 sizeof(fingerprint));

	bug->target = target;
	bug->fingerprint = fingerprint;
	bug->first_run = record->run;
	bug->first_seed = record->seed;
	bug->first_tool = record->tool;
	snprintf(bug->id, sizeof(bug->id), "%s-%016" PRIx64, kind_name(finding->kind), id);
	copy_finding(finding, &bug->finding);
	return bug;
}

/*
 * How much a finding says. The explorer's say which thread holds what, taken where,
 * and have a schedule that shows it again.
 */
static size_t detail_score(const struct finding *finding)
{
	size_t nr = finding->schedule ? 10000 : 0;

	for (size_t i = 0; i < finding->accesses.nr; i++)
		nr += finding->accesses.items[i].stack.nr;
	return nr + (finding->location.object ? 1000 : 0);
}

static struct bug *merge_one(struct report *report, size_t target, const struct finding *finding,
			     const struct record *record)
{
	uint64_t fingerprint = finding_fingerprint(finding);
	struct bug *bug = bug_find(report, target, fingerprint);

	if (!bug) {
		bug = bug_make(report, target, finding, fingerprint, record);
	} else if (detail_score(finding) > detail_score(&bug->finding)) {
		finding_release(&bug->finding);
		copy_finding(finding, &bug->finding);
	}
	// A directed campaign looks for what is known: it counts in no rate.
	if (bug->last_run != record->run && !record->asked) {
		bug->tools[record->tool] += finding->hits ? finding->hits : 1;
		*VEC_PUSH(&bug->runs) =
			(struct bug_run){ .run = record->run,
					  .tool = record->tool,
					  .hits = finding->hits ? finding->hits : 1 };
	}
	bug->last_run = record->run;
	if (!bug->schedule && finding->schedule)
		bug->schedule = xstrdup(finding->schedule);
	if (!bug->log && record->nr_logs)
		bug->log = xstrdup(record->logs[0]);
	return bug;
}

void merge_record(struct report *report, size_t target, const struct record *record)
{
	for (size_t i = 0; i < record->findings.nr; i++)
		merge_one(report, target, &record->findings.items[i], record);
	for (size_t i = 0; i < record->endings.nr; i++)
		merge_one(report, target, &record->endings.items[i], record)->by_harness = true;
}

static int by_run(const void *a, const void *b)
{
	const struct bug_run *x = a, *y = b;

	return (x->run > y->run) - (x->run < y->run);
}

// A run may have reported both the part and the whole; it is still one run.
static void join_runs(const struct bug *part, struct bug *whole)
{
	size_t kept = 0;

	for (size_t i = 0; i < part->runs.nr; i++)
		*VEC_PUSH(&whole->runs) = part->runs.items[i];
	qsort(whole->runs.items, whole->runs.nr, sizeof(*whole->runs.items), by_run);
	memset(whole->tools, 0, sizeof(whole->tools));
	for (size_t i = 0; i < whole->runs.nr; i++)
		if (!kept || whole->runs.items[kept - 1].run != whole->runs.items[i].run) {
			whole->runs.items[kept++] = whole->runs.items[i];
			whole->tools[whole->runs.items[i].tool] += whole->runs.items[i].hits;
		}
	whole->runs.nr = kept;
}

void bug_release(struct bug *bug)
{
	finding_release(&bug->finding);
	free(bug->schedule);
	triage_release(&bug->triage);
	free(bug->log);
	free(bug->runs.items);
	*bug = (struct bug){ 0 }; // in no run any more
}

static void fold(struct bug *part, struct bug *whole)
{
	join_runs(part, whole);
	if (part->first_run < whole->first_run) {
		whole->first_run = part->first_run;
		whole->first_seed = part->first_seed;
		whole->first_tool = part->first_tool;
	}
	if (!whole->schedule) {
		whole->schedule = part->schedule;
		part->schedule = NULL;
	}
	if (!whole->log) {
		whole->log = part->log;
		part->log = NULL;
	}
	bug_release(part);
}

static uint64_t all_runs(const struct bug *bug)
{
	uint64_t runs = 0;

	for (int t = 0; t < TOOL_NR; t++)
		runs += bug->tools[t];
	return runs;
}

static bool covers(const struct bug *whole, const struct bug *part)
{
	if (whole == part || !whole->first_run || whole->target != part->target)
		return false;
	if (!finding_is_part_of(&part->finding, &whole->finding))
		return false;
	// Two that cover each other: the one that says more stays, then the earlier.
	if (finding_is_part_of(&whole->finding, &part->finding))
		return detail_score(&whole->finding) != detail_score(&part->finding)
			       ? detail_score(&whole->finding) > detail_score(&part->finding)
			       : whole < part;
	return true;
}

static int by_target_and_run(const void *a, const void *b)
{
	const struct bug *x = a, *y = b;

	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	return (x->first_run > y->first_run) - (x->first_run < y->first_run);
}

void merge_finish(struct report *report)
{
	struct bug *items = report->findings.items;
	size_t kept = 0;

	for (size_t i = 0; i < report->findings.nr; i++) {
		struct bug *best = NULL;

		for (size_t k = 0; k < report->findings.nr; k++)
			if (covers(&items[k], &items[i]) &&
			    (!best || all_runs(&items[k]) > all_runs(best)))
				best = &items[k];
		if (best)
			fold(&items[i], best);
	}
	for (size_t i = 0; i < report->findings.nr; i++)
		if (items[i].first_run)
			items[kept++] = items[i];
	report->findings.nr = kept;
	if (kept)
		qsort(items, kept, sizeof(*items), by_target_and_run);
}
