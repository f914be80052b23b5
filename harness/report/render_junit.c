// JUnit XML: a test suite for each target, a test for each tool.
#include "report/report.h"

#include "base/clock.h"

static void attribute(struct strbuf *out, const char *name, const char *value)
{
	strbuf_addf(out, " %s=\"", name);
	strbuf_add_xml(out, value);
	strbuf_addch(out, '"');
}

static void element(struct strbuf *out, const char *name, const char *type, const char *message,
		    const char *body)
{
	strbuf_addf(out, "      <%s", name);
	if (type)
		attribute(out, "type", type);
	attribute(out, "message", message);
	strbuf_addch(out, '>');
	strbuf_add_xml(out, body);
	strbuf_addf(out, "</%s>\n", name);
}

// The findings of this target that the tool reported, a line each.
static void add_findings(const struct report *report, size_t target, enum tool_id tool,
			 struct strbuf *text)
{
	for (size_t i = 0; i < report->findings.nr; i++) {
		const struct bug *m = &report->findings.items[i];

		if (m->target != target || !m->tools[tool])
			continue;
		strbuf_addf(text, "%s (%s): ", m->id,
			    m->triage.reason ? standing_name(m->triage.standing) : "-");
		report_finding_title(&m->finding, text);
		strbuf_addstr(text, " [");
		report_finding_rates(report, m, text);
		strbuf_addstr(text, "]\n");
	}
}

static void add_test(const struct report *report, size_t index, enum tool_id tool,
		     struct strbuf *out)
{
	const struct report_cell *rc = &report->targets[index].cells[tool];
	struct strbuf body = STRBUF_INIT;

	strbuf_addstr(out, "    <testcase");
	attribute(out, "classname", report->list.items[index].id);
	attribute(out, "name", tool_name(tool));
	strbuf_addf(out, " time=\"%.3f\">\n", (double)rc->cell.wall_ns / (double)NS_PER_S);
	strbuf_addf(&body, "expected: %s; observed: %s\n", rc->verdict.expected,
		    rc->verdict.observed);
	if (rc->build_log)
		strbuf_addf(&body, "%s\n", rc->build_log);
	add_findings(report, index, tool, &body);
	switch (rc->verdict.status) {
	case VERDICT_FAIL:
		element(out, "failure", "verdict", rc->verdict.reason, body.buf);
		break;
	case VERDICT_INCONCLUSIVE:
		element(out, "error", "inconclusive", rc->verdict.reason, body.buf);
		break;
	case VERDICT_ERROR:
		element(out, "error", "harness", rc->verdict.reason, body.buf);
		break;
	case VERDICT_SKIPPED:
		element(out, "skipped", NULL, rc->verdict.reason, "");
		break;
	case VERDICT_PASS:
	case VERDICT_NR:
		break;
	}
	strbuf_addstr(out, "    </testcase>\n");
	strbuf_release(&body);
}

// JUnit knows no other word for what could not be decided.
static size_t errors_of(const size_t verdicts[VERDICT_NR])
{
	return verdicts[VERDICT_ERROR] + verdicts[VERDICT_INCONCLUSIVE];
}

static void add_suite(const struct report *report, size_t index, struct strbuf *out)
{
	const struct report_target *target = &report->targets[index];
	size_t nr[VERDICT_NR] = { 0 }, tests = 0;

	for (int t = 0; t < TOOL_NR; t++)
		if (target->cells[t].asked) {
			nr[target->cells[t].verdict.status]++;
			tests++;
		}
	strbuf_addstr(out, "  <testsuite");
	attribute(out, "name", target->target->id);
	strbuf_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n", tests,
		    nr[VERDICT_FAIL], errors_of(nr), nr[VERDICT_SKIPPED]);
	for (int t = 0; t < TOOL_NR; t++)
		if (target->cells[t].asked)
			add_test(report, index, t, out);
	strbuf_addstr(out, "  </testsuite>\n");
}

void render_junit(const struct report *report, const struct render_options *options,
		  struct strbuf *out)
{
	size_t tests = 0;

	(void)options;
	for (int s = 0; s < VERDICT_NR; s++)
		tests += report->verdicts[s];
	strbuf_addf(out,
		    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<testsuites name=\"racegate\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
		    "skipped=\"%zu\">\n",
		    tests, report->verdicts[VERDICT_FAIL], errors_of(report->verdicts),
		    report->verdicts[VERDICT_SKIPPED]);
	for (size_t i = 0; i < report->list.nr; i++)
		add_suite(report, i, out);
	strbuf_addstr(out, "</testsuites>\n");
}
