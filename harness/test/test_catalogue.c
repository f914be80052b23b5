/*
 * The catalogue as a test suite: one suite for each case, one test for each
 * variant and tool, failing with the verdict's reason. The session is the one
 * that RACEGATE_SESSION names; without it the whole catalogue is run first.
 */
#include "base/child.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"
#include "catalog/catalog.h"
#include "test/support.h"

#include <CUnit/TestDB.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define OWN_SESSION "build/check-session"

enum { A_DAY_MS = 24 * 3600 * 1000 };

// CUnit calls tests without an argument: what they are about is found by their names.
static struct {
	json_t *report;
	char *error;  // why there is none
	char **names; // of suites and tests; kept as long as the registry
	size_t nr, alloc;
} catalogue;

static const char *keep_name(char *owned)
{
	if (catalogue.nr == catalogue.alloc)
		catalogue.names =
			xgrow(catalogue.names, &catalogue.alloc, sizeof(*catalogue.names));
	catalogue.names[catalogue.nr++] = owned;
	return owned;
}

static void run_whole_catalogue(void)
{
	static const char *const argv[] = { "build/racegate", "check",     "--quiet",
					    "--out",          OWN_SESSION, NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf output = STRBUF_INIT;
	struct err err = ERR_INIT;
	int status = 0;

	fs_remove_tree(OWN_SESSION); // of an earlier run of these tests
	spec.argv = argv;
	if (child_capture(&spec, A_DAY_MS, &output, &status, &err))
		catalogue.error = xstrdup(err.text);
	else if (!WIFEXITED(status))
		catalogue.error = xasprintf("racegate check ended by a signal: %s", output.buf);
	strbuf_release(&output);
}

static void load_report(const char *session)
{
	char *path = xasprintf("%s/report.json", session);
	json_error_t error;

	catalogue.report = json_load_file(path, 0, &error);
	if (!catalogue.report && !catalogue.error)
		catalogue.error = xasprintf("%s:%d: %s", path, error.line, error.text);
	free(path);
}

// The target's entry for the tool, or NULL.
static const json_t *cell_of(const char *id, const char *variant, const char *tool)
{
	const json_t *target, *entry;
	size_t i, k;

	json_array_foreach (json_object_get(catalogue.report, "targets"), i, target) {
		if (strcmp(text_of(target, "case"), id) != 0 ||
		    strcmp(text_of(target, "variant"), variant) != 0)
			continue;
		json_array_foreach (json_object_get(target, "tools"), k, entry) {
			if (!strcmp(text_of(entry, "tool"), tool))
				return entry;
		}
	}
	return NULL;
}

// Runs as the test "racy/tsan detects" of the suite "family/case".
static void holds(void)
{
	char *name = xstrdup(CU_get_current_test()->pName);
	char *tool = strchr(name, '/');
	const json_t *verdict;
	bool passed;
	char *what;

	*tool++ = '\0';
	tool[strcspn(tool, " ")] = '\0';
	verdict = json_object_get(cell_of(CU_get_current_suite()->pName, name, tool), "verdict");
	passed = !strcmp(text_of(verdict, "status"), "pass");
	what = xasprintf("%s %s/%s %s: %s", CU_get_current_suite()->pName, name, tool,
			 text_of(verdict, "status"), text_of(verdict, "reason"));
	CU_assertImplementation(passed, __LINE__, what, __FILE__, "", CU_FALSE);
	free(what);
	free(name);
}

static void the_session_came_to_its_end(void)
{
	const json_t *summary = json_object_get(catalogue.report, "summary");

	CHECK_TEXT(catalogue.error, NULL);
	CU_ASSERT_TRUE(json_is_true(json_object_get(summary, "complete")));
	CHECK_NUMBER(json_integer_value(json_object_get(summary, "damaged_lines")), 0);
}

// A case that is missing from the session would be a test that nobody misses.
static void every_case_variant_and_tool_is_in_it(void)
{
	struct catalog catalog = { 0 };
	struct err err = ERR_INIT;

	CU_ASSERT_EQUAL(catalog_load("cases", &catalog, &err), 0);
	CHECK_NUMBER(catalog.broken.nr, 0);
	CU_ASSERT(catalog.nr > 0);
	for (size_t i = 0; i < catalog.nr; i++) {
		const char *id = catalog.items[i]->id;
		struct strbuf missing = STRBUF_INIT;

		for (int v = 0; v < VARIANT_NR; v++)
			for (int t = 0; t < TOOL_NR; t++)
				if (!cell_of(id, variant_name(v), tool_name(t)))
					strbuf_addf(&missing, " %s/%s", variant_name(v),
						    tool_name(t));
		CHECK_TEXT_AT(id, missing.buf, "");
		strbuf_release(&missing);
	}
	catalog_release(&catalog);
}

static CU_pSuite suite_of(const char *id)
{
	CU_pSuite suite = CU_get_suite_by_name(id, CU_get_registry());

	return suite ? suite : CU_add_suite(keep_name(xstrdup(id)), NULL, NULL);
}

static void add_tests(const json_t *target)
{
	const json_t *entry;
	size_t i;

	json_array_foreach (json_object_get(target, "tools"), i, entry) {
		const json_t *verdict = json_object_get(entry, "verdict");
		const char *name =
			keep_name(xasprintf("%s/%s %s", text_of(target, "variant"),
					    text_of(entry, "tool"), text_of(verdict, "expected")));
		CU_pSuite suite = suite_of(text_of(target, "case"));

		if (!suite || !CU_add_test(suite, name, holds)) {
			fprintf(stderr, "cannot register %s: %s\n", name, CU_get_error_msg());
			exit(1);
		}
	}
}

void suite_catalogue(void)
{
	static const struct test_case cases[] = {
		{ "the session came to its end", the_session_came_to_its_end },
		{ "every case, variant and tool is in it", every_case_variant_and_tool_is_in_it },
	};
	const char *session = getenv("RACEGATE_SESSION");
	const json_t *target;
	size_t i;

	if (!session || !*session) {
		run_whole_catalogue();
		session = OWN_SESSION;
	}
	load_report(session);
	test_suite("catalogue", cases, ARRAY_SIZE(cases));
	json_array_foreach (json_object_get(catalogue.report, "targets"), i, target) {
		if (*text_of(target, "case"))
			add_tests(target);
	}
}
