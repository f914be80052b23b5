// racegate show: a case's story, the fix as a diff, its outcomes, what each tool says.
#include "base/child.h"
#include "base/fs.h"
#include "base/mem.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/session.h"
#include "report/ink.h"
#include "report/text_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WIDTH = 80 };

static void heading(struct strbuf *out, const struct ink *ink, const char *text)
{
	strbuf_addf(out, "\n%s%s%s\n", ink->bold, text, ink->off);
}

// The comment that a source begins with, without its marks.
static void add_top_comment(struct strbuf *out, const char *path)
{
	struct strbuf source = STRBUF_INIT;
	struct err ignored = ERR_INIT;
	char *line, *rest, *end;

	if (fs_read(path, 0, &source, &ignored) || strncmp(source.buf, "/*", 2) != 0 ||
	    !(end = strstr(source.buf, "*/"))) {
		strbuf_release(&source);
		return;
	}
	*end = '\0';
	for (line = strtok_r(source.buf + 2, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		line += strspn(line, " ");
		if (*line == '*')
			line++;
		if (*line == ' ')
			line++;
		strbuf_addf(out, "  %s\n", line);
	}
	strbuf_release(&source);
}

static void add_diff(struct strbuf *out, const char *diff, const struct ink *ink)
{
	while (*diff) {
		size_t len = strcspn(diff, "\n");
		const char *colour = *diff == '+'   ? ink->green
				     : *diff == '-' ? ink->red
				     : *diff == '@' ? ink->dim
						    : "";
		// Line numbers would count from behind the top comment.
		int shown = *diff == '@' ? 2 : (int)len;

		strbuf_addf(out, "  %s%.*s%s\n", colour, shown, diff, *colour ? ink->off : "");
		diff += len + (diff[len] == '\n');
	}
}

/*
 * A source without its top comment, as a file that diff can open: the comment
 * was told above, and differs anyway. Returns a descriptor, or -1.
 */
static int without_comment(const char *path, struct err *err)
{
	struct strbuf source = STRBUF_INIT;
	const char *rest;
	int fd = -1;

	if (!fs_read(path, 0, &source, err)) {
		rest = strncmp(source.buf, "/*", 2) == 0 ? strstr(source.buf, "*/\n") : NULL;
		rest = rest ? rest + 3 : source.buf;
		fd = memfd_create("source", MFD_CLOEXEC);
		if (fd < 0 || write(fd, rest, strlen(rest)) < 0)
			err_harness(err, "cannot make a temporary file: %s", strerror(errno));
	}
	strbuf_release(&source);
	return fd;
}

static int diff_of(int racy, int fixed, struct strbuf *diff, struct err *err)
{
	char *from = xasprintf("/proc/%ld/fd/%d", (long)getpid(), racy);
	char *to = xasprintf("/proc/%ld/fd/%d", (long)getpid(), fixed);
	const char *const argv[] = { "diff",    "-U3", "--label", "racy.c", "--label",
				     "fixed.c", from,  to,        NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	int status, rc;

	spec.argv = argv;
	rc = child_capture(&spec, 10000, diff, &status, err);
	if (!rc && (!WIFEXITED(status) || WEXITSTATUS(status) > 1))
		rc = err_harness(err, "diff failed: %s", diff->buf);
	free(from);
	free(to);
	return rc;
}

static int add_fix(struct strbuf *out, const struct testcase *tc, const struct ink *ink,
		   struct err *err)
{
	char *paths[VARIANT_NR];
	int fds[VARIANT_NR], rc = 0;
	struct strbuf diff = STRBUF_INIT;

	for (int v = 0; v < VARIANT_NR; v++) {
		paths[v] = testcase_source(tc, (enum variant)v);
		fds[v] = rc ? -1 : without_comment(paths[v], err);
		rc = fds[v] < 0 ? -1 : rc;
	}
	if (!rc)
		rc = diff_of(fds[VARIANT_RACY], fds[VARIANT_FIXED], &diff, err);
	if (!rc)
		add_diff(out, diff.buf, ink);
	for (int v = 0; v < VARIANT_NR; v++) {
		free(paths[v]);
		if (fds[v] >= 0)
			close(fds[v]);
	}
	strbuf_release(&diff);
	return rc;
}

static void add_outcomes(struct strbuf *out, const struct testcase *tc)
{
	for (size_t i = 0; i < tc->nr_outcomes; i++) {
		const struct outcome_row *row = &tc->outcomes[i];

		strbuf_addf(out, "  %s\n      racy: %s, fixed: %s; ", row->result,
			    grade_name(row->racy), grade_name(row->fixed));
		text_wrap(out, row->meaning, 6, WIDTH);
	}
}

static void add_answers(struct strbuf *out, const struct testcase *tc)
{
	for (int v = 0; v < VARIANT_NR; v++)
		for (int t = 0; t < TOOL_NR; t++) {
			const struct expectation *e = &tc->expect[v][t];

			strbuf_addf(out, "  %-6s %-9s %s", variant_name(v), tool_name(t),
				    answer_name(e->answer));
			if (e->reason) {
				strbuf_addstr(out, ": ");
				text_wrap(out, e->reason, 19, WIDTH);
			} else {
				strbuf_addch(out, '\n');
			}
		}
}

static int show(const struct testcase *tc, struct err *err)
{
	const struct ink *ink = output_colour(STDOUT_FILENO) ? &ink_ansi : &ink_none;
	char *racy = testcase_source(tc, VARIANT_RACY), *fixed = testcase_source(tc, VARIANT_FIXED);
	struct strbuf out = STRBUF_INIT;
	int rc;

	strbuf_addf(&out, "%s%s%s  [%s]\n", ink->bold, tc->id, ink->off, class_name(tc->class));
	strbuf_addf(&out, "%s\n\nSeed: %s, section \"%s\"\n", tc->title, tc->seed_file,
		    tc->seed_section);
	heading(&out, ink, "What goes wrong");
	strbuf_addstr(&out, "  ");
	text_wrap(&out, tc->why, 2, WIDTH);
	heading(&out, ink, "racy.c");
	add_top_comment(&out, racy);
	heading(&out, ink, "The fix");
	strbuf_addstr(&out, "  ");
	text_wrap(&out, tc->fix, 2, WIDTH);
	heading(&out, ink, "The fix as a diff");
	rc = add_fix(&out, tc, ink, err);
	heading(&out, ink, "Outcomes");
	add_outcomes(&out, tc);
	heading(&out, ink, "What each tool says");
	add_answers(&out, tc);
	strbuf_addf(&out, "\nTry it:  racegate check %s\n", tc->id);
	if (!rc)
		rc = output_print(&out, err);
	strbuf_release(&out);
	free(racy);
	free(fixed);
	return rc;
}

int cmd_show(const struct options *options)
{
	struct catalog catalog = { 0 };
	struct target_list targets = { 0 };
	struct err err = ERR_INIT;
	int code = EXIT_CLEAN;

	if (!options->nr_names) {
		err_input(&err, "show: name a case; `racegate list` names them all");
		return report_error(&err);
	}
	if (load_catalog(options, &catalog, &err) ||
	    target_select(&catalog, options->names, options->nr_names, &targets, &err))
		code = report_error(&err);
	for (size_t i = 0; code == EXIT_CLEAN && i < targets.nr; i++)
		if (targets.items[i].tc && targets.items[i].variant == VARIANT_RACY &&
		    show(targets.items[i].tc, &err))
			code = report_error(&err);
	target_list_release(&targets);
	catalog_release(&catalog);
	return code;
}
