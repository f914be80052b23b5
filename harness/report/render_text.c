// The report that people read in a terminal, 80 columns wide.
#include "report/report.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/text.h"
#include "report/ink.h"
#include "report/render_scoreboard.h"
#include "report/text_target.h"

#include <string.h>

static void add_session(const struct report *report, const struct ink *ink, struct strbuf *out)
{
	const json_t *s = report->session;

	strbuf_addf(out, "%sracegate %s%s  session %s  seed %s\n", ink->bold,
		    text_of(s, "racegate"), ink->off, fs_base(report->dir), text_of(s, "seed"));
	strbuf_addf(out, "%s%s, %s, %lld CPUs\ncontainment %s%s\n", ink->dim, text_of(s, "started"),
		    text_of(s, "kernel"), (long long)number_of(s, "cpus"),
		    text_of(s, "containment"), ink->off);
	if (strcmp(text_of(s, "status"), "complete") != 0)
		strbuf_addf(out,
			    "%sThis session did not finish (%s); its results so far follow.%s\n",
			    ink->yellow, text_of(s, "status"), ink->off);
	if (report->damage) {
		strbuf_addstr(out, ink->yellow);
		strbuf_addstr(out, "This session is incomplete: ");
		text_wrap(out, report->damage, 0, 80);
		strbuf_addstr(out, ink->off);
	} else if (report->damaged_lines) {
		strbuf_addf(out, "%s%zu lines of runs.jsonl are unreadable and were skipped.%s\n",
			    ink->yellow, report->damaged_lines, ink->off);
	}
}

static void add_tools(const struct report *report, const struct ink *ink, struct strbuf *out)
{
	const json_t *tool;
	size_t i;

	strbuf_addstr(out, "\nTools\n");
	json_array_foreach (json_object_get(report->session, "tools"), i, tool) {
		bool ready = !strcmp(text_of(tool, "state"), "ready");

		if (!strcmp(text_of(tool, "state"), "unprobed")) // it was not asked
			continue;
		strbuf_addstr(out, "  ");
		strbuf_addpad(out, text_of(tool, "tool"), 9);
		strbuf_addf(out, " %s", text_of(tool, "version"));
		if (!ready)
			strbuf_addf(out, "  %stool-unavailable: %s%s", ink->yellow,
				    text_of(tool, "reason"), ink->off);
		else if (json_is_true(json_object_get(tool, "no_aslr")))
			strbuf_addf(out, "  %s(without address randomisation)%s", ink->dim,
				    ink->off);
		strbuf_addch(out, '\n');
	}
}

// "10/10!", "0/20~": hits of runs, and a mark when there is something to say about it.
// So that the longest name of a case and all tools fit into 80 columns.
static const int matrix_widths[TOOL_NR] = {
	[TOOL_NATIVE] = 8,   [TOOL_TSAN] = 7, [TOOL_TSAN_GCC] = 9,
	[TOOL_HELGRIND] = 9, [TOOL_DRD] = 5,  [TOOL_EXPLORE] = 9,
};

static void add_matrix_cell(const struct report_cell *rc, enum tool_id tool, const struct ink *ink,
			    struct strbuf *out)
{
	struct strbuf text = STRBUF_INIT;
	const struct verdict *v = &rc->verdict;

	if (!rc->asked)
		strbuf_addstr(&text, "");
	else if (!rc->cell.runs)
		strbuf_addstr(&text, v->status == VERDICT_ERROR ? "E" : "-");
	else
		strbuf_addf(&text, "%llu/%llu%s", (unsigned long long)report_cell_hits(&rc->cell),
			    (unsigned long long)rc->cell.runs,
			    v->status == VERDICT_FAIL           ? "!"
			    : v->status == VERDICT_INCONCLUSIVE ? "i"
			    : v->status == VERDICT_ERROR        ? "E"
			    : v->limitation_gone                ? "?"
			    : v->limitation                     ? "~"
								: "");
	strbuf_addstr(out,
		      rc->asked && v->status != VERDICT_PASS ? ink_verdict(ink, v->status) : "");
	strbuf_addpad(out, text.buf, matrix_widths[tool]);
	if ((int)text.len >= matrix_widths[tool])
		strbuf_addch(out, ' ');
	strbuf_addstr(out, ink->off);
	strbuf_release(&text);
}

static void add_matrix(const struct report *report, const struct ink *ink, struct strbuf *out)
{
	strbuf_addstr(out, "\nDetector matrix: runs that detect, of all (explore: schedules)\n  ");
	strbuf_addpad(out, "", 31);
	for (int t = 0; t < TOOL_NR; t++)
		strbuf_addpad(out, tool_name(t), matrix_widths[t]);
	strbuf_trim(out);
	strbuf_addch(out, '\n');
	for (size_t i = 0; i < report->list.nr; i++) {
		const struct target *target = &report->list.items[i];
		const char *id = target->tc ? fs_base(target->tc->id) : target->id;
		struct strbuf name = STRBUF_INIT;

		strbuf_addf(&name, "%s%s%s", id, target->tc ? " " : "",
			    target->tc ? variant_name(target->variant) : "");
		strbuf_addstr(out, "  ");
		strbuf_addpad(out, name.buf, 30);
		strbuf_addch(out, ' ');
		for (int t = 0; t < TOOL_NR; t++)
			add_matrix_cell(&report->targets[i].cells[t], t, ink, out);
		strbuf_trim(out);
		strbuf_addch(out, '\n');
		strbuf_release(&name);
	}
	strbuf_addf(out,
		    "%s  ! failed   i inconclusive   E error   - did not run\n"
		    "  ~ documented limitation   ? a limitation that did not happen%s\n",
		    ink->dim, ink->off);
}

// Verdicts that a reader should look at; those of a session that was cut off are only counted.
static bool needs_attention(const struct report *report, const struct report_cell *rc)
{
	if (!rc->asked || (rc->verdict.status == VERDICT_SKIPPED && report->incomplete))
		return false;
	return rc->verdict.status != VERDICT_PASS || rc->verdict.limitation_gone ||
	       rc->verdict.remark;
}

static void add_attention(const struct report *report, const struct ink *ink, struct strbuf *out)
{
	bool headed = false;

	for (size_t i = 0; i < report->list.nr; i++)
		for (int t = 0; t < TOOL_NR; t++) {
			const struct report_cell *rc = &report->targets[i].cells[t];

			if (!needs_attention(report, rc))
				continue;
			if (!headed)
				strbuf_addstr(out, "\nNeeds attention\n");
			headed = true;
			strbuf_addf(out, "  %s%s%s %s %s: ", ink_verdict(ink, rc->verdict.status),
				    rc->verdict.limitation_gone || rc->verdict.remark
					    ? "note"
					    : verdict_status_name(rc->verdict.status),
				    ink->off, report->list.items[i].id, tool_name(t));
			text_wrap(out, rc->verdict.reason, 6, 80);
			if (rc->build_log)
				text_indent(out, rc->build_log, 6);
		}
}

static void add_summary(const struct report *report, const struct ink *ink, struct strbuf *out)
{
	strbuf_addf(out, "\n%sVerdicts: ", ink->bold);
	report_summary(report, out);
	strbuf_addstr(out, ink->off);
	if (report->limitations_gone)
		strbuf_addf(out, "; %zu limitations did not happen", report->limitations_gone);
	strbuf_addch(out, '\n');
	report_user_settings(report, out);
	for (size_t i = 0; i < report->list.nr; i++)
		if (report->list.items[i].gate.accepted) {
			strbuf_addf(out, "%sAccepted by request:%s %s: ", ink->yellow, ink->off,
				    report->list.items[i].id);
			text_wrap(out, report->list.items[i].gate.accepted, 6, 80);
		}
	strbuf_addf(out, "Session:  %s\n", report->dir);
}

static void add_scoreboard(const struct report *report, const struct ink *ink, struct strbuf *out)
{
	struct scoreboard board = { 0 };

	score_collect(report, &board);
	score_text_brief(&board, ink, out);
	scoreboard_release(&board);
}

void render_text(const struct report *report, const struct render_options *options,
		 struct strbuf *out)
{
	const struct ink *ink = options->colour ? &ink_ansi : &ink_none;

	add_session(report, ink, out);
	if (!options->brief) {
		add_tools(report, ink, out);
		for (size_t i = 0; i < report->list.nr; i++)
			text_target(report, i, ink, out);
	}
	if (report->list.nr > 1)
		add_matrix(report, ink, out);
	if (!options->brief)
		add_scoreboard(report, ink, out);
	add_attention(report, ink, out);
	add_summary(report, ink, out);
}
