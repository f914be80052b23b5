#include "cli/case_diff.h"

#include "base/child.h"
#include "base/fs.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void add_diff(struct strbuf *out, const char *diff, const struct ink *ink)
{
	while (*diff) {
		size_t len = strcspn(diff, "\n");
		const char *colour = *diff == '+'   ? ink->green
				     : *diff == '-' ? ink->red
				     : *diff == '@' ? ink->dim
						    : "";
		// Line numbers would be wrong: they start after the top comment.
		int shown = *diff == '@' ? 2 : (int)len;

		if (len == 1 && *diff == ' ') // an empty line stays one
			strbuf_addch(out, '\n');
		else
			strbuf_addf(out, "  %s%.*s%s\n", colour, shown, diff,
				    *colour ? ink->off : "");
		diff += len + (diff[len] == '\n');
	}
	while (out->len > 1 && !strcmp(out->buf + out->len - 2, "\n\n"))
		out->buf[--out->len] = '\0';
}

/*
 * A source without its top comment, as a file that diff can open: the comment
 * was shown above and differs anyway. Returns a descriptor, or -1.
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

int case_diff(const char *racy, const char *fixed, const struct ink *ink, struct strbuf *out,
	      struct err *err)
{
	struct strbuf diff = STRBUF_INIT;
	int from = without_comment(racy, err);
	int to = from < 0 ? -1 : without_comment(fixed, err);
	int rc = to < 0 ? -1 : diff_of(from, to, &diff, err);

	if (!rc)
		add_diff(out, diff.buf, ink);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	strbuf_release(&diff);
	return rc;
}
