/*
 * Every captured report as findings, in full: what its parser makes of it stands,
 * a line each part, in fixtures/reports/findings.txt. After a deliberate change
 * compare the file that a failure names with it, and replace it.
 */
#include "base/mem.h"
#include "test/findings.h"
#include "test/support.h"

#include <glob.h>

enum { SHOWN_FRAMES = 3 };

/*
 * Of addresses only their modules: the files of another machine may be here as
 * well, and have other names for them.
 */
static void show_stack(const struct stack *stack, bool addresses, struct strbuf *out)
{
	for (size_t i = 0; i < stack->nr && i < SHOWN_FRAMES; i++) {
		const struct frame *f = &stack->items[i];

		strbuf_addstr(out, "      ");
		if (!addresses)
			strbuf_addf(out, "%s %s:%d:%d ", f->func ? f->func : "-",
				    f->file ? f->file : "-", f->line, f->col);
		strbuf_addf(out, "(%s)\n", f->module ? f->module : "-");
	}
	if (stack->nr > SHOWN_FRAMES)
		strbuf_addf(out, "      %zu frames\n", stack->nr);
}

static void show_finding(const struct finding *finding, bool addresses, struct strbuf *out)
{
	const struct location *location = &finding->location;

	strbuf_addf(out, "  %s: %s\n", kind_name(finding->kind), finding->words);
	for (size_t i = 0; i < finding->accesses.nr; i++) {
		const struct access *a = &finding->accesses.items[i];

		strbuf_addf(out, "    %s %u by %s wants %s holds", access_op_name(a->op), a->size,
			    a->thread ? a->thread : "-", a->wants ? a->wants : "-");
		for (size_t k = 0; k < a->nr_locks; k++)
			strbuf_addf(out, " %s", a->locks[k]);
		strbuf_addch(out, '\n');
		show_stack(&a->stack, addresses, out);
	}
	strbuf_addf(out, "    %s %s %llu\n", location_kind_name(location->kind),
		    location->object ? location->object : "-", (unsigned long long)location->size);
	show_stack(&location->stack, addresses, out);
}

static void show_reports(const char *pattern, log_parser parse, struct strbuf *out)
{
	glob_t found;

	CU_ASSERT_EQUAL_FATAL(glob(test_fixture(pattern), 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct finding_list list = { 0 };
		const char *name = fs_base(found.gl_pathv[i]);

		strbuf_addf(out, "%s %s\n", name, evidence_name(report_parse(parse, name, &list)));
		for (size_t k = 0; k < list.nr; k++)
			show_finding(&list.items[k], parse == tsan_data_parse, out);
		finding_list_release(&list);
	}
	globfree(&found);
}

static void captured_reports_give_these_findings(void)
{
	struct strbuf seen = STRBUF_INIT, expected = report_load("findings.txt");
	struct err err = ERR_INIT;

	show_reports("reports/*.log", tsan_data_parse, &seen);
	show_reports("reports/*.gcc.txt", tsan_text_parse, &seen);
	show_reports("reports/*.clang.txt", tsan_text_parse, &seen);
	show_reports("reports/*.xml", valgrind_xml_parse, &seen);
	if (strcmp(seen.buf, expected.buf) != 0) {
		fs_write("build/findings.txt", seen.buf, seen.len, &err);
		test_check_text("build/findings.txt", "as fixtures/reports/findings.txt",
				"findings", __FILE__, __LINE__);
	}
	strbuf_release(&seen);
	strbuf_release(&expected);
}

void suite_captured(void)
{
	static const struct test_case cases[] = {
		{ "captured reports give these findings, in full",
		  captured_reports_give_these_findings },
	};

	test_suite("captured", cases, ARRAY_SIZE(cases));
}
