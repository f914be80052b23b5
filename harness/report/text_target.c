#include "report/text_target.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "judge/stats.h"
#include "report/campaigns.h"
#include "report/text_finding.h"
#include "report/text_outcomes.h"

#include <stdlib.h>
#include <string.h>

static void add_tool_cell(const struct report_cell *rc, const struct ink *ink, struct strbuf *out)
{
	struct interval interval = stats_wilson(report_cell_hits(&rc->cell), rc->cell.runs);
	struct strbuf rate = STRBUF_INIT;

	if (!rc->asked) {
		strbuf_addpad(out, "", 35);
		return;
	}
	if (rc->cell.runs)
		strbuf_addf(&rate, "%llu/%llu", (unsigned long long)report_cell_hits(&rc->cell),
			    (unsigned long long)rc->cell.runs);
	// Of many schedules the interval is narrow: the numbers come first.
	if (cell_has_rate(&rc->cell) && rate.len <= 8)
		strbuf_addf(&rate, "  %.0f-%.0f %%", 100 * interval.low, 100 * interval.high);
	else if (cell_has_rate(&rc->cell) && rate.len <= 10)
		strbuf_addf(&rate, " %.0f-%.0f%%", 100 * interval.low, 100 * interval.high);
	strbuf_addpad(out, rc->verdict.observed, 9);
	strbuf_addpad(out, rate.buf, 19);
	strbuf_addstr(out, ink_verdict(ink, rc->verdict.status));
	strbuf_addpad(out,
		      rc->verdict.limitation_gone ? "pass ?"
		      : rc->verdict.limitation    ? "pass ~"
						  : verdict_status_name(rc->verdict.status),
		      7);
	strbuf_addstr(out, ink->off);
	strbuf_release(&rate);
}

// What the second line of a tool's row says: "O0 19/30, O2 2/31" where it has several builds; of
// the explorer how soon its campaigns detected the bug.
static void add_detail(const struct report_target *target, enum tool_id tool, struct strbuf *out)
{
	const struct cell *cell = target ? &target->cells[tool].cell : NULL;
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; cell && i < MAX_BUILDS && cell->builds[i].name; i++)
		strbuf_addf(&text, "%s%s %llu/%llu", i ? ", " : "", cell->builds[i].name,
			    (unsigned long long)cell->builds[i].bug_runs,
			    (unsigned long long)cell->builds[i].runs);
	if (cell && cell->bug_runs)
		campaigns_words(&cell->campaigns, &text);
	strbuf_addpad(out, text.buf, 35);
	strbuf_release(&text);
}

static bool has_detail(const struct report_target *target, enum tool_id tool)
{
	const struct cell *cell = target ? &target->cells[tool].cell : NULL;

	return cell && (cell->builds[1].name || (cell->campaigns.nr && cell->bug_runs));
}

// A row of its own: the tool was not asked.
static void add_unsupported(const struct report_cell *rc, const struct ink *ink, struct strbuf *out)
{
	struct strbuf words = STRBUF_INIT;

	strbuf_addf(&words, "unsupported: it %s (%s)", rc->unsupported->wrong, rc->unsupported->id);
	strbuf_addf(out, "  %s", ink->yellow);
	strbuf_addpad(out, tool_name(rc->cell.tool), 9);
	strbuf_addstr(out, ink->off);
	text_wrap(out, words.buf, 11, 80);
	strbuf_release(&words);
}

static void add_tool_rows(const struct report_target *racy, const struct report_target *fixed,
			  const struct ink *ink, struct strbuf *out)
{
	strbuf_addf(out, "\n  %s", ink->bold);
	strbuf_addpad(out, "TOOL", 9);
	strbuf_addpad(out, racy && racy->target->tc ? "RACY     runs  95 %" : "SAYS     runs  95 %",
		      fixed ? 35 : 19);
	strbuf_addf(out, "%s%s\n", fixed ? "FIXED    runs  95 %" : "", ink->off);
	for (int t = 0; t < TOOL_NR; t++) {
		if (racy && racy->cells[t].unsupported)
			add_unsupported(&racy->cells[t], ink, out);
		if (!(racy && racy->cells[t].asked) && !(fixed && fixed->cells[t].asked))
			continue;
		strbuf_addstr(out, "  ");
		strbuf_addpad(out, tool_name(t), 9);
		if (racy)
			add_tool_cell(&racy->cells[t], ink, out);
		if (fixed)
			add_tool_cell(&fixed->cells[t], ink, out);
		strbuf_trim(out);
		strbuf_addch(out, '\n');
		if (has_detail(racy, t) || has_detail(fixed, t)) {
			strbuf_addf(out, "%s%11s", ink->dim, "");
			add_detail(racy, t, out);
			add_detail(fixed, t, out);
			strbuf_trim(out);
			strbuf_addf(out, "%s\n", ink->off);
		}
	}
}

// The programs that were seen under each tool, when it is more than the target itself.
static void add_programs(const struct report_target *target, const struct ink *ink,
			 struct strbuf *out)
{
	for (int t = 0; t < TOOL_NR; t++) {
		const struct program_list *list = &target->cells[t].cell.programs;
		struct strbuf words = STRBUF_INIT;

		for (size_t i = 0; i < list->nr; i++) {
			const struct seen_program *p = &list->items[i];

			strbuf_addf(&words, "%s%s (%llu process%s%s)", i ? ", " : "", p->name,
				    (unsigned long long)p->processes, p->processes == 1 ? "" : "es",
				    p->examined ? "" : ", not examined");
		}
		// The target alone needs no list.
		if (list->nr > 1 || (list->nr && (!list->items[0].examined ||
						  strcmp(fs_base(list->items[0].name),
							 fs_base(target->target->id)) != 0))) {
			strbuf_addf(out, "\n  %sPROGRAMS%s  %s: ", ink->bold, ink->off,
				    tool_name(t));
			text_wrap(out, words.buf, 12, 80);
		}
		strbuf_release(&words);
	}
}

static bool explored_only(const struct report_target *target)
{
	for (int t = 0; t < TOOL_NR; t++)
		if (target->cells[t].asked != (t == TOOL_EXPLORE))
			return false;
	return true;
}

// What the explorer's campaigns are worth, when nothing else was asked for.
static void add_guarantees(const struct report_target *racy, const struct report_target *fixed,
			   const struct ink *ink, struct strbuf *out)
{
	const struct report_target *const targets[] = { racy, fixed };

	for (size_t i = 0; i < ARRAY_SIZE(targets); i++) {
		const struct report_target *target = targets[i];
		char *words = NULL;

		if (target && explored_only(target))
			words = guarantee_text(&target->cells[TOOL_EXPLORE].cell.guarantee);
		if (words && *words) {
			strbuf_addf(out, "\n  %sGUARANTEE%s  ", ink->bold, ink->off);
			if (target->target->tc)
				strbuf_addf(out, "%s: ", variant_name(target->target->variant));
			text_wrap(out, words, 13, 80);
		}
		free(words);
	}
}

// Processes that outlived a run. A target without a case has no variant.
static void add_left(const struct report_target *target, const struct ink *ink, struct strbuf *out)
{
	for (int t = 0; target && t < TOOL_NR; t++) {
		const struct cell *cell = &target->cells[t].cell;
		char *words;

		if (!cell->left_runs)
			continue;
		words = xasprintf("%s%s%s after %llu of %llu runs, the first time %s",
				  target->target->tc ? variant_name(target->target->variant) : "",
				  target->target->tc ? ", " : "", tool_name((enum tool_id)t),
				  (unsigned long long)cell->left_runs,
				  (unsigned long long)cell->runs, cell->first_left);
		strbuf_addf(out, "\n  %sLEFT RUNNING%s  ", ink->bold, ink->off);
		text_wrap(out, words, 16, 80);
		free(words);
	}
}

static const struct report_target *sibling(const struct report *report, const struct testcase *tc,
					   enum variant variant)
{
	for (size_t i = 0; i < report->list.nr; i++)
		if (report->list.items[i].tc == tc && report->list.items[i].variant == variant)
			return &report->targets[i];
	return NULL;
}

static void add_findings(const struct report *report, const struct report_target *target,
			 const struct ink *ink, struct strbuf *out)
{
	for (size_t i = 0; target && i < report->findings.nr; i++)
		if (&report->targets[report->findings.items[i].target] == target)
			text_finding(report, &report->findings.items[i], ink, out);
}

void text_target(const struct report *report, size_t index, const struct ink *ink,
		 struct strbuf *out)
{
	const struct report_target *target = &report->targets[index];
	const struct testcase *tc = target->target->tc;
	const struct report_target *racy, *fixed;

	if (!tc) {
		strbuf_addf(out, "\n%s%s%s\n", ink->bold, target->target->id, ink->off);
		text_own_outcomes(report, target, ink, out);
		add_tool_rows(target, NULL, ink, out);
		add_programs(target, ink, out);
		add_guarantees(target, NULL, ink, out);
		add_left(target, ink, out);
		add_findings(report, target, ink, out);
		return;
	}
	racy = sibling(report, tc, VARIANT_RACY);
	fixed = sibling(report, tc, VARIANT_FIXED);
	if (target != (racy ? racy : fixed))
		return;
	strbuf_addf(out, "\n%s%s%s  [%s]  ", ink->bold, tc->id, ink->off, class_name(tc->class));
	text_wrap(out, tc->title, 2, 80);
	text_outcomes(report, racy, fixed, ink, out);
	add_tool_rows(racy, fixed, ink, out);
	add_guarantees(racy, fixed, ink, out);
	add_left(racy, ink, out);
	add_left(fixed, ink, out);
	add_findings(report, racy, ink, out);
	add_findings(report, fixed, ink, out);
}
