// Sessions rendered in every format.
#include "base/mem.h"
#include "report/report.h"
#include "test/session_maker.h"
#include "test/support.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

typedef void (*render_fn)(const struct report *, const struct render_options *, struct strbuf *);

static char *rendered(const char *dir, render_fn render)
{
	const struct render_options options = { 0 };
	struct strbuf out = STRBUF_INIT;
	struct report report;

	session_load(dir, &report);
	render(&report, &options, &out);
	report_release(&report);
	return strbuf_detach(&out);
}

static json_t *rendered_json(const char *dir)
{
	char *text = rendered(dir, render_json);
	json_t *json = json_loads(text, 0, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(json);
	free(text);
	return json;
}

// The value at a path such as "targets.0.tools.1.verdict.status", or NULL.
static const json_t *at(const json_t *json, const char *path)
{
	while (json && *path) {
		size_t len = strcspn(path, ".");
		char key[64] = "";

		memcpy(key, path, len < sizeof(key) - 1 ? len : sizeof(key) - 1);
		json = json_is_array(json) ? json_array_get(json, strtoul(key, NULL, 10))
					   : json_object_get(json, key);
		path += len + (path[len] == '.');
	}
	return json;
}

static void text_at(const json_t *json, const char *path, const char *expected)
{
	CHECK_TEXT_AT(path, json_string_value(at(json, path)), expected);
}

static void number_at(const json_t *json, const char *path, long long expected)
{
	CHECK_AT(path, json_is_integer(at(json, path)));
	test_check_number(json_integer_value(at(json, path)), expected, path, __FILE__, __LINE__);
}

static void report_json_has_what_its_schema_says(void)
{
	char *dir = session_make_mixed("complete");
	json_t *json = rendered_json(dir);

	text_at(json, "schema", "racegate-report/1");
	text_at(json, "session.schema", "racegate-session/1");
	CHECK_NUMBER(json_array_size(at(json, "targets")), 3);
	text_at(json, "targets.0.case", "c/one");
	text_at(json, "targets.0.variant", "racy");
	CU_ASSERT_TRUE(json_is_null(at(json, "targets.2.case")));
	CHECK_NUMBER(json_array_size(at(json, "targets.0.tools")), 2);
	text_at(json, "targets.0.tools.0.tool", "native");
	number_at(json, "targets.0.tools.0.runs", 10);
	number_at(json, "targets.0.tools.0.detected", 3);
	text_at(json, "targets.0.tools.0.outcomes.0.text", "sum 0");
	number_at(json, "targets.0.tools.0.outcomes.0.count", 7);
	text_at(json, "targets.0.tools.0.outcomes.0.grade", "acceptable");
	text_at(json, "targets.0.tools.0.outcomes.1.grade", "interesting");
	text_at(json, "targets.0.tools.0.outcomes.2.text", "never"); // listed and not seen
	number_at(json, "targets.0.tools.0.outcomes.2.count", 0);
	text_at(json, "targets.0.tools.0.verdict.expected", "diverges");
	text_at(json, "targets.0.tools.0.verdict.observed", "diverges");
	text_at(json, "targets.0.tools.0.verdict.status", "pass");
	CU_ASSERT_TRUE(json_is_string(at(json, "targets.0.tools.0.verdict.reason")));
	number_at(json, "targets.0.tools.1.detected", 9);
	text_at(json, "targets.1.tools.0.verdict.status", "pass");
	text_at(json, "targets.1.tools.1.verdict.status", "fail");
	text_at(json, "targets.2.tools.0.verdict.status", "fail");
	text_at(json, "targets.2.tools.1.verdict.status", "skipped");
	number_at(json, "summary.pass", 3);
	number_at(json, "summary.fail", 2);
	number_at(json, "summary.error", 0);
	number_at(json, "summary.skipped", 1);
	json_decref(json);
	scratch_drop(dir);
}

static void findings_are_whole_and_pointed_to(void)
{
	char *dir = session_make_mixed("complete");
	json_t *json = rendered_json(dir);

	CU_ASSERT_EQUAL_FATAL(json_array_size(at(json, "findings")), 2);
	text_at(json, "findings.0.kind", "data-race");
	CHECK_HAS(json_string_value(at(json, "findings.0.title")), "put (racy.c:1)");
	number_at(json, "findings.0.tools.tsan", 9);
	CU_ASSERT_PTR_NULL(at(json, "findings.0.tools.native"));
	CHECK_NUMBER(json_array_size(at(json, "findings.0.accesses")), 2);
	text_at(json, "findings.0.accesses.0.op", "write");
	text_at(json, "findings.0.accesses.0.stack.0.func", "put");
	CU_ASSERT_TRUE(json_is_object(at(json, "findings.0.location")));
	CU_ASSERT_TRUE(json_is_array(at(json, "findings.0.accesses.0.locks")));
	CU_ASSERT_TRUE(json_is_null(at(json, "findings.0.first_schedule")));
	CU_ASSERT_TRUE(json_is_array(at(json, "findings.0.locks")));
	CU_ASSERT_TRUE(json_is_null(at(json, "findings.0.confirmed")));
	text_at(json, "targets.0.tools.1.findings.0", json_string_value(at(json, "findings.0.id")));
	CHECK_NUMBER(json_array_size(at(json, "targets.0.tools.0.findings")), 0);
	text_at(json, "findings.1.target", "c/one/fixed");
	json_decref(json);
	scratch_drop(dir);
}

static void a_session_rendered_again_is_the_same_to_the_byte(void)
{
	char *dir = session_make_mixed("complete");

	for (const struct renderer *r = renderers; r->name; r++) {
		char *first = rendered(dir, r->render), *second = rendered(dir, r->render);

		CHECK_AT(r->name, *first && !strcmp(first, second));
		free(first);
		free(second);
	}
	scratch_drop(dir);
}

// What a reader of JUnit counts.
struct counts {
	long suites, tests, failures, errors, skipped; // elements
	long said[2][4]; // attributes of the root, and of all suites together
};

static long attribute(const char **attributes, const char *name)
{
	for (; *attributes; attributes += 2)
		if (!strcmp(attributes[0], name))
			return strtol(attributes[1], NULL, 10);
	return -1000;
}

static void on_element(void *data, const char *name, const char **attributes)
{
	static const char *const said[] = { "tests", "failures", "errors", "skipped" };
	struct counts *counts = data;
	bool suite = !strcmp(name, "testsuite"), root = !strcmp(name, "testsuites");

	counts->suites += suite;
	counts->tests += !strcmp(name, "testcase");
	counts->failures += !strcmp(name, "failure");
	counts->errors += !strcmp(name, "error");
	counts->skipped += !strcmp(name, "skipped");
	for (int i = 0; (suite || root) && i < 4; i++)
		counts->said[suite][i] += attribute(attributes, said[i]);
}

static bool read_junit(const char *text, struct counts *counts)
{
	XML_Parser parser = XML_ParserCreate(NULL);
	bool well;

	*counts = (struct counts){ 0 };
	XML_SetUserData(parser, counts);
	XML_SetStartElementHandler(parser, on_element);
	well = XML_Parse(parser, text, (int)strlen(text), 1) == XML_STATUS_OK;
	XML_ParserFree(parser);
	return well;
}

static void junit_is_well_formed_and_its_counts_add_up(void)
{
	char *dir = session_make_mixed("complete"), *text = rendered(dir, render_junit);
	struct counts c;

	CU_ASSERT_TRUE_FATAL(read_junit(text, &c));
	CHECK_NUMBER(c.suites, 3);
	CHECK_NUMBER(c.tests, 6);
	CHECK_NUMBER(c.failures, 2);
	CHECK_NUMBER(c.errors, 0);
	CHECK_NUMBER(c.skipped, 1);
	for (int i = 0; i < 2; i++) {
		CHECK_NUMBER(c.said[i][0], c.tests);
		CHECK_NUMBER(c.said[i][1], c.failures);
		CHECK_NUMBER(c.said[i][2], c.errors);
		CHECK_NUMBER(c.said[i][3], c.skipped);
	}
	free(text);
	scratch_drop(dir);
}

static void junit_bears_whatever_a_program_prints(void)
{
	static const char *const odd[] = {
		"\xef\xbf\xbe\xef\xbf\xbf", "]]>", "<!--", "&#0;", "'\"", "é€😀"
	};
	char *dir = scratch_make(), *text;
	struct counts c;

	session_make(dir, "complete");
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		session_add_run(dir, i + 1, "c/one/fixed", TOOL_NATIVE, odd[i], false);
		session_add_run(dir, i + 100, "c/one/racy", TOOL_NATIVE,
				odd[ARRAY_SIZE(odd) - 1 - i], false);
	}
	text = rendered(dir, render_junit);
	CU_ASSERT_TRUE(read_junit(text, &c));
	CHECK_NUMBER(c.failures, 2);
	free(text);
	scratch_drop(dir);
}

static void a_failed_build_stands_in_every_report(void)
{
	char *dir = session_make_mixed("complete"), *old = scratch_read(dir, "session.json");
	char *new = text_replace(
		old, "\"builds\":[]}]}",
		"\"builds\":[{\"tool\":\"tsan\",\"build\":\"O1\",\"state\":\"build-failed\","
		"\"log\":\"own.c:1: error: <missing> & 'thing'\"}]}]}");

	scratch_write(dir, "session.json", new);
	json_t *json = rendered_json(dir);

	text_at(json, "targets.2.tools.1.verdict.status", "error");
	CHECK_HAS(json_string_value(at(json, "targets.2.tools.1.verdict.reason")), "build-failed");
	CHECK_HAS(json_string_value(at(json, "targets.2.tools.1.build_log")), "<missing>");
	number_at(json, "summary.error", 1);
	char *junit = rendered(dir, render_junit), *text = rendered(dir, render_text);
	struct counts c;

	CU_ASSERT_TRUE(read_junit(junit, &c));
	CHECK_NUMBER(c.errors, 1);
	CHECK_HAS(junit, "&lt;missing&gt;");
	CHECK_HAS(text, "own.c:1: error: <missing> & 'thing'");
	free(junit);
	free(text);
	free(old);
	free(new);
	json_decref(json);
	scratch_drop(dir);
}

static int width_of(const char *line, size_t len)
{
	int width = 0;

	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)line[i] & 0xC0) != 0x80;
	return width;
}

static void the_text_report_fits_80_columns(void)
{
	char *dir = session_make_mixed("complete"), *text = rendered(dir, render_text);

	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		char *copy = xstrndup(line, len);

		// A path or an id that is longer than a line cannot be broken.
		CHECK_AT(copy, width_of(line, len) <= 80 || strstr(copy, dir) ||
				       strstr(copy, "data-race-"));
		free(copy);
		line += len + (line[len] == '\n');
	}
	free(text);
	scratch_drop(dir);
}

static void the_text_report_says_what_matters(void)
{
	char *dir = session_make_mixed("complete"), *text = rendered(dir, render_text);

	CHECK_HAS(text, "3 pass, 2 fail, 1 skipped");
	CHECK_HAS(text, "RESULT");
	CHECK_HAS(text, "SAMPLES");
	CHECK_HAS(text, "sum 0");
	CHECK_HAS(text, "never");
	CHECK_HAS(text, "put (racy.c:1)");
	CHECK_HAS(text, "9/10");
	CHECK_AT("no raw escape", !strchr(text, '\033'));
	free(text);
	scratch_drop(dir);
}

static void tools_stand_in_no_stack_of_the_text_report(void)
{
	static const struct {
		const char *func, *file, *module;
	} frames[] = {
		{ "pthread_mutex_lock", NULL, "libc.so.6" },
		{ "__interceptor_pthread_mutex_lock", NULL, "racy" },
		{ "pthread_mutex_lock", "perturb_calls.c", "librg-perturb.so" },
		{ "memmove", NULL, "vgpreload_helgrind-amd64-linux.so" },
		{ "qsort_r", "src/libsanitizer/common.inc", "libtsan.so.2" },
		{ "take", "racy.c", "racy" },
	};
	char *dir = session_make_mixed("complete");
	const struct render_options options = { 0 };
	struct strbuf out = STRBUF_INIT;
	struct report report;
	struct stack *stack;

	session_load(dir, &report);
	stack = &report.findings.items[0].finding.accesses.items[0].stack;
	stack_release(stack);
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++)
		stack_add(stack, frames[i].func, frames[i].file, frames[i].file ? 7 : 0, 0,
			  frames[i].module);
	render_text(&report, &options, &out);
	CHECK_HAS(out.buf, "#0 pthread_mutex_lock  (libc.so.6)\n        #1 take  racy.c:7\n");
	strbuf_release(&out);
	report_release(&report);
	scratch_drop(dir);
}

// Ten of them tell enough.
static void of_many_results_that_are_not_listed_some_are_shown(void)
{
	enum { RESULTS = 13, SHOWN = 10 };
	char *dir = session_make_mixed("complete"), *text;
	unsigned shown = 0;

	for (unsigned i = 0; i < RESULTS; i++) {
		char *out = xasprintf("odd %u", i);

		session_add_run(dir, 100 + i, "c/one/fixed", TOOL_NATIVE, out, false);
		free(out);
	}
	text = rendered(dir, render_text);
	for (const char *at = text; (at = strstr(at, "unlisted, so forbidden: 1 of ")); at++)
		shown++;
	CHECK_NUMBER(shown, SHOWN);
	CHECK_HAS(text, "  … and 3 more that are not listed\n");
	free(text);
	scratch_drop(dir);
}

static void colour_is_only_where_it_was_asked_for(void)
{
	char *dir = session_make_mixed("complete");
	const struct render_options colour = { .colour = true };
	struct strbuf out = STRBUF_INIT;
	struct report report;

	session_load(dir, &report);
	render_text(&report, &colour, &out);
	CU_ASSERT_PTR_NOT_NULL(strchr(out.buf, '\033'));
	strbuf_release(&out);
	report_release(&report);
	scratch_drop(dir);
}

static void markdown_tables_keep_their_columns(void)
{
	char *dir = scratch_make(), *text;
	int columns = 0, tables = 0;

	session_make(dir, "complete");
	session_add_run(dir, 1, "own.c", TOOL_NATIVE, "a|b|c", true);
	session_add_run(dir, 2, "own.c", TOOL_NATIVE, "x `y` *z* <b>", false);
	text = rendered(dir, render_markdown);
	CHECK_HAS(text, "# racegate: 0 pass, 1 fail, 5 skipped");
	for (char *line = text; *line; line += strcspn(line, "\n") + 1) {
		int bars = 0;

		if (*line != '|') {
			columns = 0;
			continue;
		}
		for (char *p = line; *p && *p != '\n'; p++)
			bars += *p == '|' && (p == line || p[-1] != '\\');
		tables += !columns;
		columns = columns ? columns : bars;
		CHECK_NUMBER(bars, columns);
	}
	CHECK_NUMBER(tables, 2);
	free(text);
	scratch_drop(dir);
}

static void an_interrupted_session_says_so_everywhere(void)
{
	char *dir = session_make_mixed("interrupted");
	char *text = rendered(dir, render_text), *markdown = rendered(dir, render_markdown);
	json_t *json = rendered_json(dir);

	CHECK_HAS(text, "did not finish");
	CHECK_HAS(markdown, "did not finish");
	CU_ASSERT_TRUE(json_is_false(at(json, "summary.complete")));
	json_decref(json);
	free(text);
	free(markdown);
	scratch_drop(dir);
}

void suite_render(void)
{
	static const struct test_case cases[] = {
		{ "report.json has what its schema says", report_json_has_what_its_schema_says },
		{ "findings are whole and pointed to", findings_are_whole_and_pointed_to },
		{ "a session rendered again is the same to the byte",
		  a_session_rendered_again_is_the_same_to_the_byte },
		{ "JUnit is well-formed and its counts add up",
		  junit_is_well_formed_and_its_counts_add_up },
		{ "JUnit bears whatever a program prints", junit_bears_whatever_a_program_prints },
		{ "a failed build stands in every report", a_failed_build_stands_in_every_report },
		{ "the text report fits 80 columns", the_text_report_fits_80_columns },
		{ "tools stand in no stack of the text report",
		  tools_stand_in_no_stack_of_the_text_report },
		{ "the text report says what matters", the_text_report_says_what_matters },
		{ "of many results that are not listed some are shown",
		  of_many_results_that_are_not_listed_some_are_shown },
		{ "colour is only where it was asked for", colour_is_only_where_it_was_asked_for },
		{ "Markdown tables keep their columns", markdown_tables_keep_their_columns },
		{ "an interrupted session says so everywhere",
		  an_interrupted_session_says_so_everywhere },
	};

	test_suite("render", cases, ARRAY_SIZE(cases));
}
