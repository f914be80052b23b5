// racegate show: a case's story, the fix as a diff, its outcomes, what each tool says.
#include "cli/case_page.h"
#include "cli/command.h"
#include "cli/output.h"

#include <unistd.h>

static int show(const struct testcase *tc, struct err *err)
{
	const struct ink *ink = output_colour(STDOUT_FILENO) ? &ink_ansi : &ink_none;
	struct strbuf out = STRBUF_INIT;
	int rc = case_page(tc, ink, &out, err);

	if (!rc)
		rc = output_print(&out, err);
	strbuf_release(&out);
	return rc;
}

int cmd_show(const struct options *options)
{
	struct catalog catalog = { 0 };
	struct target_list targets = { 0 };
	struct err err = ERR_INIT;
	int code = EXIT_CLEAN;

	if (!options->nr_names) {
		err_input(&err, "show: name a case; see `racegate list`");
		return report_error(&err);
	}
	if (load_catalog(options, &catalog, &err) ||
	    target_select_cases(&catalog, options->names, options->nr_names, &targets, &err))
		code = report_error(&err);
	for (size_t i = 0; code == EXIT_CLEAN && i < targets.nr; i++)
		if ((!i || targets.items[i].tc != targets.items[i - 1].tc) &&
		    show(targets.items[i].tc, &err))
			code = report_error(&err);
	target_list_release(&targets);
	catalog_release(&catalog);
	return code;
}
