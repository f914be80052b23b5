#include "cli/output.h"

#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "cli/terms.h"
#include "session/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Up to so many cases are printed in full; of more, only what needs attention.
enum { WHOLE_TARGETS = 6 };

bool output_colour(int fd)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fd) && !(no && *no);
}

int output_print(const struct strbuf *text, struct err *err)
{
	struct strbuf shown = STRBUF_INIT;
	int rc = 0;

	strbuf_add_shown(&shown, text->buf, text->len, output_colour(STDOUT_FILENO));
	if (fwrite(shown.buf, 1, shown.len, stdout) != shown.len || fflush(stdout))
		rc = err_harness(err, "cannot write to standard output: %s", strerror(errno));
	strbuf_release(&shown);
	return rc;
}

// Whether it ran, or was to run and did not.
static void look_at(const struct report_cell *rc, bool *ran, bool *unseen)
{
	*ran |= rc->cell.runs > 0;
	*unseen |= rc->asked && !rc->cell.runs;
}

int output_code(const struct report *report)
{
	bool ran = false, unseen = false;

	for (size_t i = 0; i < report->list.nr; i++)
		for (int t = 0; t < TOOL_NR; t++)
			look_at(&report->targets[i].cells[t], &ran, &unseen);
	// What was seen was seen, whatever else went wrong.
	if (report->verdicts[VERDICT_FAIL])
		return EXIT_FINDINGS;
	// What was cut short or never ran is not known to be clean.
	if (report->verdicts[VERDICT_ERROR] || report->verdicts[VERDICT_INCONCLUSIVE] ||
	    report->damaged_lines || report->damage || (ran && (report->incomplete || unseen)))
		return EXIT_ERROR;
	return ran && !report->verdicts[VERDICT_SKIPPED] ? EXIT_CLEAN : EXIT_NOTHING;
}

static int write_files(const struct report *report, struct err *err)
{
	const struct render_options options = { 0 };

	for (const struct renderer *r = renderers; r->name; r++) {
		struct strbuf text = STRBUF_INIT;
		char *path = r->file ? xasprintf("%s/%s", report->dir, r->file) : NULL;
		int rc = 0;

		if (path) {
			r->render(report, &options, &text);
			rc = fs_write(path, text.buf, text.len, err);
		}
		free(path);
		strbuf_release(&text);
		if (rc)
			return -1;
	}
	return 0;
}

static int output_session(const char *dir, const struct options *options, struct err *err)
{
	struct render_options render = { .colour = output_colour(STDOUT_FILENO) };
	struct strbuf text = STRBUF_INIT;
	struct report report;
	int rc;

	if (report_load(dir, NULL, &report, err))
		return -1;
	rc = write_files(&report, err);
	render.brief = report.list.nr > WHOLE_TARGETS;
	if (options->json)
		render_json(&report, &render, &text);
	else
		render_text(&report, &render, &text);
	if (!options->json && render.brief)
		strbuf_addf(&text, "Details:  racegate report %s\n", dir);
	if (output_print(&text, err))
		rc = -1;
	if (!rc)
		rc = output_code(&report);
	strbuf_release(&text);
	report_release(&report);
	return rc;
}

int report_error(const struct err *err)
{
	struct strbuf shown = STRBUF_INIT;

	strbuf_add_shown(&shown, err->text, strlen(err->text), false);
	fprintf(stderr, "racegate: %s\n", shown.buf);
	strbuf_release(&shown);
	return err->class == ERR_INPUT ? EXIT_WRONG : EXIT_ERROR;
}

int worse_code(int a, int b)
{
	// From the best to the worst. Of codes that are not here, the first one stays.
	static const int ranks[] = { EXIT_CLEAN, EXIT_NOTHING, EXIT_ERROR, EXIT_FINDINGS,
				     EXIT_WRONG };
	size_t at[2] = { ARRAY_SIZE(ranks), ARRAY_SIZE(ranks) };

	for (size_t i = 0; i < ARRAY_SIZE(ranks); i++) {
		at[0] = ranks[i] == a ? i : at[0];
		at[1] = ranks[i] == b ? i : at[1];
	}
	return at[1] > at[0] ? b : a;
}

int command_session(const struct options *options, struct target_list *targets)
{
	struct err err = ERR_INIT, later = ERR_INIT;
	int rc, code = EXIT_ERROR;
	sigset_t old;
	char *dir;

	if (target_check_names(targets, &err) || terms_apply(options, targets, &err))
		return report_error(&err);
	interrupt_hold(&old);
	rc = session_run(&options->settings, targets, &dir, &err);
	if (dir && (code = output_session(dir, options, &later)) < 0) {
		// It was made by this very call: if it cannot be read, that is nobody's wrong
		// usage.
		later.class = ERR_HARNESS;
		code = report_error(&later);
	}
	if (rc < 0)
		code = worse_code(code, report_error(&err));
	else if (rc > 0)
		code = EXIT_SIGNAL + rc;
	free(dir);
	interrupt_release(&old);
	return code;
}
