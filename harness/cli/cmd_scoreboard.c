// racegate scoreboard: how good the tools are, measured on the cases of sessions.
#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/output.h"
#include "report/render_scoreboard.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void add_json(const struct scoreboard *board, const struct report *reports, size_t nr,
		     struct strbuf *out)
{
	json_t *root = json_object(), *sessions = json_array();
	json_t *scores = score_json(board);
	char *text;

	for (size_t i = 0; i < nr; i++)
		json_array_append_new(sessions,
				      json_pack("{s:s,s:b,s:I,s:O?}", "dir", reports[i].dir,
						"complete", !reports[i].incomplete, "damaged_lines",
						(json_int_t)reports[i].damaged_lines, "tools",
						json_object_get(reports[i].session, "tools")));
	json_object_set_new(root, "schema", json_string("racegate-scoreboard/1"));
	json_object_set_new(root, "sessions", sessions);
	json_object_update(root, scores);
	text = json_printed(root);
	strbuf_addf(out, "%s\n", text ? text : "{}");
	free(text);
	json_decref(scores);
	json_decref(root);
}

// Renders the board of all sessions; returns the exit code, or -1.
static int render(const struct options *options, const struct report *reports, size_t nr,
		  struct strbuf *out, struct err *err)
{
	bool colour = !options->output && output_colour(STDOUT_FILENO);
	struct scoreboard board = { 0 };
	int code = EXIT_CLEAN;

	for (size_t i = 0; i < nr; i++) {
		score_collect(&reports[i], &board);
		if (reports[i].damaged_lines)
			code = EXIT_ERROR;
	}
	if (!board.nr)
		code = err_input(err, "scoreboard: no case of the catalogue was checked in %s%s",
				 options->names[0], nr > 1 ? " and the others" : "");
	else if (options->json)
		add_json(&board, reports, nr, out);
	else
		score_text(&board, reports, nr, colour ? &ink_ansi : &ink_none, out);
	scoreboard_release(&board);
	return code;
}

// A session that is named twice, perhaps as reports/latest, would count twice.
static int check_once(const struct options *options, struct err *err)
{
	for (size_t i = 0; i < options->nr_names; i++)
		for (size_t k = 0; k < i; k++) {
			struct stat a, b;

			if (!stat(options->names[k], &a) && !stat(options->names[i], &b) &&
			    a.st_dev == b.st_dev && a.st_ino == b.st_ino)
				return err_input(err, "scoreboard: %s and %s are the same session",
						 options->names[k], options->names[i]);
		}
	return 0;
}

int cmd_scoreboard(const struct options *options)
{
	struct report *reports = xcalloc(options->nr_names + 1, sizeof(*reports));
	struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;
	size_t loaded = 0;
	int code = 0;

	if (!options->nr_names)
		code = err_input(
			&err,
			"scoreboard: name a session, as in `racegate scoreboard reports/latest`");
	if (!code)
		code = check_once(options, &err);
	while (!code && loaded < options->nr_names) {
		code = report_load(options->names[loaded],
				   &(struct regrade){ .cases = options->cases }, &reports[loaded],
				   &err);
		loaded += !code;
	}
	if (!code)
		code = render(options, reports, loaded, &out, &err);
	if (code >= 0 && (options->output ? fs_write(options->output, out.buf, out.len, &err)
					  : output_print(&out, &err)))
		code = -1;
	for (size_t i = 0; i < loaded; i++)
		report_release(&reports[i]);
	free(reports);
	strbuf_release(&out);
	return code < 0 ? report_error(&err) : code;
}
