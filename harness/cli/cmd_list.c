// racegate list: list the cases by family.
#include "base/json.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "cli/case_page.h"
#include "cli/command.h"
#include "cli/output.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool wanted(const struct options *options, const struct target_list *named,
		   const struct testcase *tc)
{
	if (options->family && strcmp(options->family, tc->family) != 0)
		return false;
	return !options->nr_names || target_list_has(named, tc);
}

static bool catches(const struct testcase *tc, enum tool_id tool)
{
	enum answer answer = tc->expect[VARIANT_RACY][tool].answer;

	return answer == ANSWER_DETECTS || answer == ANSWER_DIVERGES;
}

static void add_text(const struct testcase *tc, const char **family, const struct ink *ink,
		     struct strbuf *out)
{
	if (!*family || strcmp(*family, tc->family) != 0)
		strbuf_addf(out, "%s%s%s%s\n", *family ? "\n" : "", ink->bold, tc->family,
			    ink->off);
	*family = tc->family;
	case_row(tc, ink, out);
}

static json_t *kinds_json(kind_set kinds)
{
	json_t *array = json_array();

	for (int k = 0; k < KIND_NR; k++)
		if (kinds & KIND_BIT(k))
			json_array_append_new(array, json_string(kind_name((enum finding_kind)k)));
	return array;
}

static json_t *tags_json(const struct testcase *tc)
{
	json_t *array = json_array();

	for (size_t i = 0; i < tc->nr_tags; i++)
		json_array_append_new(array, json_string(tc->tags[i]));
	return array;
}

// What the case expects of a tool, with the reason of a limitation.
static json_t *expect_json(const struct testcase *tc, enum tool_id tool)
{
	json_t *json = json_pack("{s:s}", "tool", tool_name(tool));

	for (int v = 0; v < VARIANT_NR; v++) {
		const struct expectation *e = &tc->expect[v][tool];

		json_object_set_new(json, variant_name((enum variant)v),
				    json_string(answer_name(e->answer)));
		if (e->reason) {
			char *key = xasprintf("%s_reason", variant_name((enum variant)v));

			json_object_set_new(json, key, json_string(e->reason));
			free(key);
		}
	}
	return json;
}

static json_t *case_json(const struct testcase *tc)
{
	json_t *expect = json_array(), *caught_by = json_array();

	for (int t = 0; t < TOOL_NR; t++) {
		json_array_append_new(expect, expect_json(tc, (enum tool_id)t));
		if (catches(tc, (enum tool_id)t))
			json_array_append_new(caught_by, json_string(tool_name((enum tool_id)t)));
	}
	return json_pack("{s:s,s:s,s:s,s:s,s:o,s:s,s:o,s:o,s:o}", "id", tc->id, "family",
			 tc->family, "title", tc->title, "class", class_name(tc->class), "kinds",
			 kinds_json(tc->kinds), "dir", tc->dir, "caught_by", caught_by, "expect",
			 expect, "tags", tags_json(tc));
}

static void print_broken(const struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->broken.nr; i++)
		fprintf(stderr, "racegate: %s\n", catalog->broken.items[i].err.text);
}

static int print_list(const struct options *options, const struct catalog *catalog,
		      const struct target_list *named, struct err *err)
{
	const struct ink *ink = output_colour(STDOUT_FILENO) ? &ink_ansi : &ink_none;
	struct strbuf out = STRBUF_INIT;
	json_t *array = json_array();
	const char *family = NULL;
	size_t found = 0;
	int rc;

	for (size_t i = 0; i < catalog->nr; i++)
		if (wanted(options, named, catalog->items[i])) {
			found++;
			if (options->json)
				json_array_append_new(array, case_json(catalog->items[i]));
			else
				add_text(catalog->items[i], &family, ink, &out);
		}
	if (options->json) {
		char *text = json_printed(array);

		strbuf_addf(&out, "%s\n", text ? text : "[]");
		free(text);
	} else if (found) {
		strbuf_addf(&out,
			    "\n%s%zu case%s. A tool is listed where it detects the racy variant; "
			    "after a ~,\nin some runs only. `racegate show CASE` tells a case's "
			    "story.%s\n",
			    ink->dim, found, found == 1 ? "" : "s", ink->off);
	}
	rc = found || (!options->nr_names && !options->family)
		     ? output_print(&out, err)
		     : err_input(err, "list: no case matches in this family; see `racegate list`");
	json_decref(array);
	strbuf_release(&out);
	return rc;
}

int cmd_list(const struct options *options)
{
	struct catalog catalog = { 0 };
	struct target_list named = { 0 };
	struct err err = ERR_INIT;
	int code = EXIT_CLEAN;

	if (load_catalog(options, &catalog, &err) ||
	    (options->nr_names &&
	     target_select_cases(&catalog, options->names, options->nr_names, &named, &err)) ||
	    print_list(options, &catalog, &named, &err))
		code = report_error(&err);
	// Only the broken cases among those named are reported.
	if (!options->nr_names && catalog.broken.nr) {
		code = code == EXIT_CLEAN ? EXIT_WRONG : code;
		print_broken(&catalog);
	}
	target_list_release(&named);
	catalog_release(&catalog);
	return code;
}
