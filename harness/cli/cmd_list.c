// racegate list: the cases, by family.
#include "base/fs.h"
#include "base/strbuf.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/session.h"
#include "report/text_parts.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool wanted(const struct options *options, const struct testcase *tc)
{
	if (options->family && strcmp(options->family, tc->family) != 0)
		return false;
	for (size_t i = 0; i < options->nr_names; i++)
		if (testcase_matches(tc, options->names[i]))
			return true;
	return !options->nr_names;
}

// "native tsan tsan-gcc": the tools that catch the racy variant.
static void add_catchers(const struct testcase *tc, struct strbuf *out)
{
	const char *separator = "";

	for (int t = 0; t < TOOL_NR; t++) {
		enum answer answer = tc->expect[VARIANT_RACY][t].answer;

		if (answer == ANSWER_DETECTS || answer == ANSWER_DIVERGES) {
			strbuf_addf(out, "%s%s", separator, tool_name(t));
			separator = " ";
		}
	}
}

static void add_text(const struct testcase *tc, const char **family, struct strbuf *out)
{
	if (!*family || strcmp(*family, tc->family) != 0)
		strbuf_addf(out, "%s%s\n", *family ? "\n" : "", tc->family);
	*family = tc->family;
	strbuf_addstr(out, "  ");
	strbuf_addpad(out, fs_base(tc->id), 24);
	strbuf_addch(out, ' ');
	text_wrap(out, tc->title, 27, 80);
	strbuf_addf(out, "%27s%s; caught by: ", "", class_name(tc->class));
	add_catchers(tc, out);
	strbuf_addch(out, '\n');
}

static json_t *case_json(const struct testcase *tc)
{
	json_t *tools = json_array();

	for (int t = 0; t < TOOL_NR; t++)
		json_array_append_new(
			tools, json_pack("{s:s,s:s,s:s}", "tool", tool_name(t), "racy",
					 answer_name(tc->expect[VARIANT_RACY][t].answer), "fixed",
					 answer_name(tc->expect[VARIANT_FIXED][t].answer)));
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:o}", "id", tc->id, "family", tc->family, "title",
			 tc->title, "class", class_name(tc->class), "dir", tc->dir, "expect",
			 tools);
}

static void print_broken(const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->broken.nr; i++)
		fprintf(stderr, "racegate: %s\n", catalog->broken.items[i].err.text);
}

static int print_list(const struct options *options, const struct catalog *catalog, struct err *err)
{
	struct strbuf out = STRBUF_INIT;
	json_t *array = json_array();
	const char *family = NULL;
	size_t found = 0;
	int rc;

	for (size_t i = 0; i < catalog->nr; i++)
		if (wanted(options, catalog->items[i])) {
			found++;
			if (options->json)
				json_array_append_new(array, case_json(catalog->items[i]));
			else
				add_text(catalog->items[i], &family, &out);
		}
	if (options->json) {
		char *text = json_dumps(array, JSON_INDENT(1) | JSON_PRESERVE_ORDER);

		strbuf_addf(&out, "%s\n", text ? text : "[]");
		free(text);
	}
	rc = found || (!options->nr_names && !options->family)
		     ? output_print(&out, err)
		     : err_input(
			       err,
			       "list: no case is named like that; `racegate list` names them all");
	json_decref(array);
	strbuf_release(&out);
	return rc;
}

int cmd_list(const struct options *options)
{
	struct catalog catalog = { 0 };
	struct err err = ERR_INIT;
	int code = EXIT_CLEAN;

	if (load_catalog(options, &catalog, &err) || print_list(options, &catalog, &err))
		code = report_error(&err);
	if (catalog.broken.nr && code == EXIT_CLEAN)
		code = EXIT_WRONG;
	print_broken(&catalog);
	catalog_release(&catalog);
	return code;
}
