// summary.md: what a reviewer reads on a pull request.
#include "report/report.h"

#include "base/fs.h"
#include "report/campaigns.h"
#include "report/render_scoreboard.h"

static void add_cell(const struct report_cell *rc, struct strbuf *out)
{
	if (rc->unsupported)
		strbuf_addstr(out, "unsupported");
	if (!rc->asked)
		return;
	if (!rc->cell.runs) {
		strbuf_addstr(out, verdict_status_name(rc->verdict.status));
		return;
	}
	strbuf_addf(out, "%llu/%llu", (unsigned long long)report_cell_hits(&rc->cell),
		    (unsigned long long)rc->cell.runs);
	if (rc->verdict.status != VERDICT_PASS)
		strbuf_addf(out, " **%s**", verdict_status_name(rc->verdict.status));
	else if (rc->verdict.limitation)
		strbuf_addstr(out, " (limitation)");
}

// Text in a table or a list: Markdown's own characters mean nothing.
static void add_plain(struct strbuf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|' || *text == '*' || *text == '_' || *text == '`' || *text == '<' ||
		    *text == '\\' || *text == '[')
			strbuf_addch(out, '\\');
		strbuf_addch(out, *text == '\n' ? ' ' : *text);
	}
}

static void add_attention(const struct report *report, struct strbuf *out)
{
	for (size_t i = 0; i < report->list.nr; i++)
		for (int t = 0; t < TOOL_NR; t++) {
			const struct verdict *v = &report->targets[i].cells[t].verdict;

			if (!report->targets[i].cells[t].asked ||
			    (v->status == VERDICT_PASS && !v->limitation_gone && !v->remark))
				continue;
			strbuf_addf(out, "- **%s** `%s` %s: ",
				    v->limitation_gone || v->remark
					    ? "note"
					    : verdict_status_name(v->status),
				    report->list.items[i].id, tool_name(t));
			add_plain(out, v->reason);
			strbuf_addch(out, '\n');
		}
}

static void add_findings(const struct report *report, struct strbuf *out)
{
	if (!report->findings.nr)
		return;
	strbuf_addstr(out,
		      "\n| finding | severity | grade | where | runs |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < report->findings.nr; i++) {
		const struct bug *m = &report->findings.items[i];
		struct strbuf title = STRBUF_INIT;

		report_finding_title(&m->finding, &title);
		strbuf_addf(out, "| `%s` | %s | %s | ", m->id,
			    severity_name(kind_severity(m->finding.kind)),
			    m->triage.reason ? standing_name(m->triage.standing) : "");
		add_plain(out, title.buf);
		strbuf_addstr(out, " | ");
		report_finding_rates(report, m, out);
		strbuf_addstr(out, " |\n");
		strbuf_release(&title);
	}
}

void render_markdown(const struct report *report, const struct render_options *options,
		     struct strbuf *out)
{
	struct scoreboard board = { 0 };

	(void)options;
	strbuf_addstr(out, "# racegate: ");
	report_summary(report, out);
	strbuf_addstr(out, "\n\n");
	if (report->damage)
		strbuf_addf(out, "This session is incomplete: %s.\n\n", report->damage);
	else if (report->incomplete)
		strbuf_addstr(out, "This session did not finish.\n\n");
	add_attention(report, out);
	for (size_t i = 0; i < report->list.nr; i++)
		if (report->list.items[i].gate.accepted) {
			strbuf_addf(out, "- accepted by request: `%s` ", report->list.items[i].id);
			add_plain(out, report->list.items[i].gate.accepted);
			strbuf_addch(out, '\n');
		}
	strbuf_addstr(out, "\n| target |");
	for (int t = 0; t < TOOL_NR; t++)
		strbuf_addf(out, " %s |", tool_name(t));
	strbuf_addstr(out, "\n|---|");
	for (int t = 0; t < TOOL_NR; t++)
		strbuf_addstr(out, "---|");
	strbuf_addch(out, '\n');
	for (size_t i = 0; i < report->list.nr; i++) {
		strbuf_addstr(out, "| ");
		add_plain(out, report->list.items[i].id);
		strbuf_addstr(out, " |");
		for (int t = 0; t < TOOL_NR; t++) {
			strbuf_addch(out, ' ');
			add_cell(&report->targets[i].cells[t], out);
			strbuf_addstr(out, " |");
		}
		strbuf_addch(out, '\n');
	}
	add_findings(report, out);
	score_collect(report, &board);
	campaigns_markdown(&board, out);
	score_markdown(&board, out);
	scoreboard_release(&board);
}
