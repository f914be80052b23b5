#include "report/grading.h"

#include "base/fs.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static bool is_among(const struct frame *frame, const struct finding *finding)
{
	for (size_t i = 0; i < finding->accesses.nr; i++) {
		const struct frame *other = stack_program_frame(&finding->accesses.items[i].stack);

		if (other && other->file && frame->line == other->line &&
		    !strcmp(fs_base(frame->file), fs_base(other->file)))
			return true;
	}
	return false;
}

// Whether the deadlock is what the inversion warns of: threads wait at all of its places.
static bool comes_of(const struct finding *deadlock, const struct finding *order)
{
	bool any = false;

	for (size_t i = 0; i < order->accesses.nr; i++) {
		const struct frame *frame = stack_program_frame(&order->accesses.items[i].stack);

		if (!finding_is_about(order, i))
			continue;
		if (!frame || !frame->file || !is_among(frame, deadlock))
			return false;
		any = true;
	}
	return any;
}

// The deadlock that shows a lock-order inversion to be one; NULL: none was seen.
static const struct bug *deadlock_of(const struct report *report, const struct bug *bug)
{
	for (size_t i = 0; bug->finding.kind == KIND_LOCK_ORDER && i < report->findings.nr; i++) {
		const struct bug *other = &report->findings.items[i];

		if (other->target == bug->target && other->finding.kind == KIND_DEADLOCK &&
		    other->schedule && *other->schedule && comes_of(&other->finding, &bug->finding))
			return other;
	}
	return NULL;
}

static void grade_bug(struct report *report, struct bug *bug)
{
	const struct bug *deadlock = deadlock_of(report, bug);
	struct report_target *target = &report->targets[bug->target];
	const struct triage_facts facts = {
		.finding = &bug->finding,
		.tools = bug->tools,
		.by_harness = bug->by_harness,
		.scheduled = deadlock || (bug->schedule && *bug->schedule),
		.answers = &target->answers,
		.guarantee = &target->cells[TOOL_EXPLORE].cell.guarantee,
	};

	if (deadlock && !bug->schedule)
		bug->schedule = xstrdup(deadlock->schedule);
	triage_of(&facts, &bug->triage);
}

static bool bug_counts(const struct target *target, const struct bug *bug)
{
	return gate_stops(&target->gate, bug->finding.kind) &&
	       (target->gate.strict || standing_counts(bug->triage.standing));
}

struct run_set {
	uint64_t *items;
	size_t nr, alloc;
};

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

// Runs of the tool that reported such findings of the target, each once.
static uint64_t runs_with(const struct report *report, size_t target, enum tool_id tool,
			  bool counting)
{
	struct run_set runs = { 0 };
	uint64_t nr = 0;

	for (size_t i = 0; i < report->findings.nr; i++) {
		const struct bug *bug = &report->findings.items[i];

		if (bug->target != target || kind_is_inconclusive(bug->finding.kind) ||
		    !gate_stops(&report->list.items[target].gate, bug->finding.kind) ||
		    (counting && !bug_counts(&report->list.items[target], bug)))
			continue;
		for (size_t k = 0; k < bug->runs.nr; k++)
			if (bug->runs.items[k].tool == tool)
				*VEC_PUSH(&runs) = bug->runs.items[k].run;
	}
	if (runs.nr)
		qsort(runs.items, runs.nr, sizeof(*runs.items), by_number);
	for (size_t i = 0; i < runs.nr; i++)
		nr += !i || runs.items[i] != runs.items[i - 1];
	free(runs.items);
	return nr;
}

// A detector's runs whose findings are all disputed or refuted do not count as detections.
static void regrade_cell(struct report *report, size_t target, enum tool_id tool)
{
	struct cell *cell = &report->targets[target].cells[tool].cell;
	uint64_t counting;

	if (tool_get(tool)->shows_outcomes || !cell->detected)
		return;
	counting = runs_with(report, target, tool, true);
	cell->disputed = runs_with(report, target, tool, false) - counting;
	cell->bug_runs -= cell->bug_runs < cell->disputed ? cell->bug_runs : cell->disputed;
	cell->detected = counting;
	if (!counting)
		cell->first_detection = 0;
}

// What only the directed campaign found is the explorer's finding as well.
static void take_directed(struct report *report, struct bug *bug)
{
	struct cell *cell = &report->targets[bug->target].cells[TOOL_EXPLORE].cell;

	for (int t = 0; t < TOOL_NR; t++)
		if (bug->tools[t])
			return;
	bug->tools[TOOL_EXPLORE] = 1;
	if (!cell->detected && bug_counts(&report->list.items[bug->target], bug))
		cell->detected = cell->bug_runs = 1;
}

void report_grade(struct report *report)
{
	for (size_t i = 0; i < report->findings.nr; i++)
		grade_bug(report, &report->findings.items[i]);
	for (size_t i = 0; i < report->list.nr; i++)
		for (int t = 0; t < TOOL_NR && !report->list.items[i].tc; t++)
			regrade_cell(report, i, (enum tool_id)t);
	for (size_t i = 0; i < report->findings.nr; i++)
		if (!report->list.items[report->findings.items[i].target].tc)
			take_directed(report, &report->findings.items[i]);
}
