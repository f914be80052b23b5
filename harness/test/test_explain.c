// Findings and verdicts in full: each has something that a person can do.
#include "base/json.h"
#include "report/explain.h"
#include "test/session_maker.h"
#include "test/support.h"

#include <string.h>

static void every_kind_and_every_verdict_has_advice(void)
{
	for (int kind = 0; kind < KIND_NR; kind++)
		CHECK_AT(kind_name(kind), explain_kind_advice(kind) && *explain_kind_advice(kind));
	for (int status = 0; status < VERDICT_NR; status++)
		CHECK_AT(verdict_status_name(status),
			 explain_verdict_advice(status) && *explain_verdict_advice(status));
}

static void a_finding_says_what_by_whom_how_sure_and_what_to_do(void)
{
	static const char *const keys[] = {
		"of", "target", "severity", "what", "by", "sure", "do"
	};
	char *dir = session_make_mixed("complete");
	struct strbuf text = STRBUF_INIT;
	struct report report;
	json_t *json;

	session_load(dir, &report);
	CU_ASSERT_FATAL(report.findings.nr > 0);
	json = explain_finding(&report, &report.findings.items[0]);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		CHECK_AT(keys[i], *text_of(json, keys[i]));
	explain_text(json, &text);
	CHECK_HAS(text.buf, report.findings.items[0].id);
	CHECK_HAS(text.buf, "\n  how sure  ");
	CHECK_HAS(text.buf, "\n  to do     protect both accesses by the same lock");
	json_decref(json);
	strbuf_release(&text);
	report_release(&report);
	scratch_drop(dir);
}

static void a_verdict_names_the_findings_behind_it(void)
{
	char *dir = session_make_mixed("complete");
	struct report report;
	json_t *json;

	session_load(dir, &report);
	// The fixed variant, which fails under tsan.
	json = explain_verdict(&report, 1, TOOL_TSAN);
	CHECK_TEXT(text_of(json, "of"), "fail");
	CHECK_TEXT(text_of(json, "what"), report.targets[1].cells[TOOL_TSAN].verdict.reason);
	CU_ASSERT(json_array_size(json_object_get(json, "findings")) > 0);
	CHECK_HAS(text_of(json, "do"), "`racegate explain data-race-");
	json_decref(json);
	report_release(&report);
	scratch_drop(dir);
}

void suite_explain(void)
{
	static const struct test_case cases[] = {
		{ "every kind and every verdict has advice",
		  every_kind_and_every_verdict_has_advice },
		{ "a finding says what, by whom, how sure, and what to do",
		  a_finding_says_what_by_whom_how_sure_and_what_to_do },
		{ "a verdict names the findings behind it",
		  a_verdict_names_the_findings_behind_it },
	};

	test_suite("explain", cases, sizeof(cases) / sizeof(*cases));
}
