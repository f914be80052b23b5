// racegate report: sessions graded and rendered again.
#include "base/fs.h"
#include "cli/command.h"
#include "cli/output.h"

#include <string.h>
#include <unistd.h>

static const struct renderer *find_renderer(const char *name)
{
	for (const struct renderer *r = renderers; r->name; r++)
		if (!strcmp(r->name, name))
			return r;
	return NULL;
}

// Appends one session to `out`; returns its exit code or -1.
static int add_session(const char *dir, const struct options *options,
		       const struct renderer *renderer, struct strbuf *out, struct err *err)
{
	const struct render_options render = { .colour = !options->output &&
							 output_colour(STDOUT_FILENO) };
	const struct regrade regrade = { .cases = options->cases,
					 .fail_on_given = options->given[OPT_FAIL_ON],
					 .fail_on = options->settings.gate.fail_on,
					 .strict = options->settings.gate.strict };
	struct report report;
	int code;

	if (report_load(dir, &regrade, &report, err))
		return -1;
	renderer->render(&report, &render, out);
	code = output_code(&report);
	report_release(&report);
	return code;
}

static int check_names(const struct options *options, const struct renderer *renderer,
		       struct err *err)
{
	if (!options->nr_names)
		return err_input(err,
				 "report: name a session, as in `racegate report reports/latest`");
	if (options->nr_names > 1 && !renderer->joins)
		return err_input(err, "report: %s holds only one session: name one",
				 renderer->name);
	return 0;
}

int cmd_report(const struct options *options)
{
	const struct renderer *renderer = find_renderer(options->format ? options->format
							: options->json ? "json"
									: "text");
	struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;
	int worst = EXIT_CLEAN, code = 0;

	if (!renderer) {
		err_input(&err, "report: --format: '%s' is not one of" FORMAT_NAMES,
			  options->format);
		return report_error(&err);
	}
	if (check_names(options, renderer, &err))
		return report_error(&err);
	for (size_t i = 0; i < options->nr_names && code >= 0; i++) {
		code = add_session(options->names[i], options, renderer, &out, &err);
		worst = worse_code(worst, code);
	}
	if (code >= 0)
		code = options->output ? fs_write(options->output, out.buf, out.len, &err)
				       : output_print(&out, &err);
	strbuf_release(&out);
	return code < 0 ? report_error(&err) : worst;
}
