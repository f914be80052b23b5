// racegate new: the files of a case that already compiles, checks and passes.
#include "base/fs.h"
#include "base/home.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/scaffold.h"

#include <stdlib.h>

// The catalogue, as load_catalog finds it; caller owns the path.
static char *root_of(const struct options *options, const struct home *home)
{
	char *beside, *shown;

	if (options->cases || fs_is_dir("cases"))
		return xstrdup(options->cases ? options->cases : "cases");
	beside = xasprintf("%s/cases", home->root);
	shown = home_relative(beside);
	free(beside);
	return shown;
}

static void add_next_steps(const struct options *options, const char *root, struct strbuf *out)
{
	const char *name = options->names[0];
	char *cases = options->cases ? xasprintf(" --cases %s", options->cases) : xstrdup("");

	strbuf_addf(out,
		    "%s/%s: case.yaml, racy.c and fixed.c of a small lost update that passes as "
		    "it stands:\n\n"
		    "  racegate check%s %s\n\n"
		    "Next\n"
		    "  1. racy.c: the mistake as people make it; number the bad interleaving in "
		    "the\n     top comment and mark the racing lines with `// RACE: object`\n"
		    "  2. fixed.c: the repair; it differs by the fix and the top comment only\n"
		    "  3. case.yaml: title, class, seed, why, fix, outcomes\n"
		    "  4. racegate check%s --runs 50 %s\n"
		    "     and write down in `expect` and `limitations` what each tool really says\n"
		    "  5. racegate show%s %s\n"
		    "     and read it as a stranger would\n"
		    "CONTRIBUTING.md says more about each step and every key.\n",
		    root, name, cases, name, cases, name, cases, name);
	free(cases);
}

// The new case must load, even if the template was changed.
static int check_case(const char *root, const char *name, struct err *err)
{
	char *dir = xasprintf("%s/%s", root, name);
	struct testcase tc;
	int rc = testcase_load(dir, &tc, err);

	if (!rc)
		testcase_release(&tc);
	free(dir);
	return rc;
}

static int make_case(const struct options *options, struct err *err)
{
	struct strbuf out = STRBUF_INIT;
	struct home home;
	char *root, *template, *start_line;
	int rc;

	home_find(&home);
	root = root_of(options, &home);
	template = xasprintf("%s/harness/cli/template", home.root);
	start_line = xasprintf("%s/cases/include/start_line.h", home.root);
	rc = scaffold_case(root, options->names[0], template, start_line, err);
	if (!rc)
		rc = check_case(root, options->names[0], err);
	if (!rc) {
		add_next_steps(options, root, &out);
		rc = output_print(&out, err);
	}
	strbuf_release(&out);
	free(root);
	free(template);
	free(start_line);
	home_release(&home);
	return rc;
}

int cmd_new(const struct options *options)
{
	struct err err = ERR_INIT;
	int rc = 0;

	if (options->nr_names != 1)
		rc = err_input(&err, "name one case, as in `racegate new queues/ring-buffer`");
	if (!rc)
		rc = make_case(options, &err);
	if (!rc)
		return EXIT_CLEAN;
	err_prefix(&err, "new");
	return report_error(&err);
}
