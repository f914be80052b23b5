#include "cli/scaffold.h"

#include "base/fs.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = { "case.yaml", "racy.c", "fixed.c" };

enum { PART_MAX = 64 };

static bool good_part(const char *part, size_t len)
{
	static const char inner[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	return len && len <= PART_MAX && strspn(part, inner) >= len && part[0] != '-' &&
	       part[len - 1] != '-';
}

int scaffold_check_name(const char *name, struct err *err)
{
	size_t family = strcspn(name, "/");

	if (!name[family] || !good_part(name, family) ||
	    !good_part(name + family + 1, strlen(name + family + 1)))
		return err_input(err,
				 "'%s' is not a case name; expected FAMILY/CASE, of lower case "
				 "letters, digits and hyphens",
				 name);
	if (family == strlen("include") && !strncmp(name, "include", family))
		return err_input(err, "'%s': include/ holds shared headers and cannot be a family",
				 name);
	return 0;
}

// Anything at all of that name counts, a dangling link too.
static bool is_there(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

// Writes a file that must not be there yet.
static int write_new(const char *path, const struct strbuf *text, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	const char *at = text->buf;
	size_t left = text->len;

	if (fd < 0 && errno == EEXIST)
		return err_input(err, "%s: already exists; nothing was overwritten", path);
	if (fd < 0)
		return err_harness(err, "%s: cannot create: %s", path, strerror(errno));
	while (left) {
		ssize_t wrote = write(fd, at, left);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			break;
		at += wrote;
		left -= (size_t)wrote;
	}
	if (close(fd) || left) {
		err_harness(err, "%s: cannot write: %s", path, strerror(errno));
		unlink(path);
		return -1;
	}
	return 0;
}

static int copy_new(const char *from, const char *to, struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	int rc = fs_read(from, 0, &text, err);

	if (!rc)
		rc = write_new(to, &text, err);
	strbuf_release(&text);
	return rc;
}

static int check_free(const char *dir, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(files) && !rc; i++) {
		char *path = xasprintf("%s/%s", dir, files[i]);

		if (is_there(path))
			rc = err_input(err, "%s: already exists; nothing was overwritten", path);
		free(path);
	}
	if (!rc && is_there(dir) && !fs_is_dir(dir))
		rc = err_input(err, "%s: already exists and is not a folder", dir);
	return rc;
}

static int copy_files(const char *dir, const char *template, struct err *err)
{
	size_t done = 0;
	int rc = 0;

	for (; done < ARRAY_SIZE(files) && !rc; done += !rc) {
		char *from = xasprintf("%s/%s", template, files[done]);
		char *to = xasprintf("%s/%s", dir, files[done]);

		rc = copy_new(from, to, err);
		free(from);
		free(to);
	}
	while (rc && done--) {
		char *path = xasprintf("%s/%s", dir, files[done]);

		unlink(path);
		free(path);
	}
	return rc;
}

// The template begins at a start line, which a catalogue of one's own may not have yet.
static int add_start_line(const char *root, const char *start_line, struct err *err)
{
	char *dir = xasprintf("%s/include", root), *path = xasprintf("%s/start_line.h", dir);
	int rc = 0;

	if (!is_there(path)) {
		rc = fs_mkdirs(dir, err);
		if (!rc)
			rc = copy_new(start_line, path, err);
	}
	free(dir);
	free(path);
	return rc;
}

int scaffold_case(const char *root, const char *name, const char *template, const char *start_line,
		  struct err *err)
{
	char *dir = xasprintf("%s/%s", root, name);
	int rc = scaffold_check_name(name, err);

	if (!rc)
		rc = check_free(dir, err);
	if (!rc) {
		rc = fs_mkdirs(dir, err);
		if (!rc)
			rc = add_start_line(root, start_line, err);
		if (!rc)
			rc = copy_files(dir, template, err);
		if (rc)
			rmdir(dir); // unless it has other files
	}
	free(dir);
	return rc;
}
