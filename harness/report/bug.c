// What the renderers say of a bug, in the same words.
#include "report/report.h"

#include "base/fs.h"
#include "judge/results.h"

#include <string.h>

static void add_place(struct strbuf *out, const struct access *access)
{
	const struct frame *frame = stack_program_frame(&access->stack);

	if (!frame)
		strbuf_addstr(out, access->thread ? access->thread : "somewhere");
	else if (frame->file && frame->line)
		strbuf_addf(out, "%s (%s:%d)", frame->func ? frame->func : "?",
			    fs_base(frame->file), frame->line);
	else
		strbuf_addstr(out, frame->func ? frame->func : "?");
}

void report_finding_title(const struct finding *finding, struct strbuf *out)
{
	bool race = finding->kind == KIND_DATA_RACE;

	if (!race && finding->words) {
		strbuf_addstr(out, finding->words);
		return;
	}
	if (finding->location.object)
		strbuf_addf(out, "%s: ", finding->location.object);
	for (size_t i = 0; i < finding->accesses.nr && i < 2; i++) {
		strbuf_addstr(out, i ? " against " : "");
		add_place(out, &finding->accesses.items[i]);
	}
	if (!finding->accesses.nr)
		strbuf_addstr(out, finding->words ? finding->words : kind_name(finding->kind));
}

// Of a user's program whose results differ: the runs that differ from most.
static uint64_t runs_that_differ(const struct cell *cell)
{
	uint64_t all = cell->other_outcomes, most = 0;

	for (size_t i = 0; i < cell->outcomes.nr; i++) {
		const struct outcome_count *o = &cell->outcomes.items[i];

		if (o->undecided)
			continue;
		all += o->count;
		most = o->count > most ? o->count : most;
	}
	return all - most;
}

uint64_t report_cell_hits(const struct cell *cell)
{
	const struct target *target = cell->target;

	if (!cell->bug_runs && results_differ(cell) == RESULTS_DIVERGE)
		return runs_that_differ(cell);
	if (tool_get(cell->tool)->shows_outcomes)
		return cell->bug_runs;
	if (target->tc && target->variant == VARIANT_FIXED)
		return cell->unexpected;
	return cell->detected + cell->disputed;
}

void report_finding_rates(const struct report *report, const struct bug *bug, struct strbuf *out)
{
	const struct report_target *target = &report->targets[bug->target];
	const char *separator = bug->by_harness ? "seen by the harness in runs under " : "";

	for (int t = 0; t < TOOL_NR; t++) {
		// It sees such things itself.
		bool own = t == TOOL_EXPLORE && bug->by_harness && !strcmp(separator, ", ");

		if (!target->cells[t].asked || !target->cells[t].cell.runs)
			continue;
		strbuf_addf(out, "%s%s %llu/%llu%s", own ? "; reported by " : separator,
			    tool_name(t), (unsigned long long)bug->tools[t],
			    (unsigned long long)target->cells[t].cell.runs,
			    t == TOOL_EXPLORE ? " schedules" : "");
		separator = ", ";
	}
}
