#include "base/fs.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool fs_is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool fs_is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISREG(st.st_mode);
}

int fs_mkdirs(const char *path, struct err *err)
{
	if (!*path)
		return err_harness(err, "'': cannot create a folder without a name");
	char *copy = xstrdup(path);
	int rc = 0;

	for (char *slash = copy + 1; rc == 0; slash++) {
		slash = strchrnul(slash, '/');
		char end = *slash;

		*slash = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			rc = err_harness(err, "%s: cannot create folder: %s", copy,
					 strerror(errno));
		*slash = end;
		if (!end)
			break;
	}
	if (!rc && !fs_is_dir(path))
		rc = err_harness(err, "%s: exists and is not a folder", path);
	free(copy);
	return rc;
}

// 0, or -1 with errno.
static int read_all(int fd, size_t max, struct strbuf *out)
{
	char chunk[16384];
	size_t total = 0;
	ssize_t n = 0;

	while (!max || total < max) {
		size_t want = max && max - total < sizeof(chunk) ? max - total : sizeof(chunk);

		n = read(fd, chunk, want);
		if (n <= 0)
			break;
		strbuf_add(out, chunk, (size_t)n);
		total += (size_t)n;
	}
	return n < 0 ? -1 : 0;
}

int fs_read(const char *path, size_t max, struct strbuf *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return err_harness(err, "%s: cannot open: %s", path, strerror(errno));
	rc = read_all(fd, max, out);
	if (rc)
		rc = err_harness(err, "%s: cannot read: %s", path, strerror(errno));
	close(fd);
	return rc;
}

static const char *what_is_there(mode_t mode)
{
	return S_ISLNK(mode)    ? "a link"
	       : S_ISDIR(mode)  ? "a folder"
	       : S_ISFIFO(mode) ? "a FIFO"
	       : S_ISSOCK(mode) ? "a socket"
	       : S_ISREG(mode)  ? "unreadable"
				: "a device";
}

int fs_read_plain(const char *path, size_t max, struct strbuf *out, const char **what)
{
	// Opening a terminal must not make it ours.
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY), rc = -1;
	struct stat st = { 0 };

	*what = "gone";
	if (fd < 0 ? !lstat(path, &st) : !fstat(fd, &st)) {
		*what = what_is_there(st.st_mode);
		if (fd >= 0 && S_ISREG(st.st_mode))
			rc = read_all(fd, max, out);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

static int write_all(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0)
			return -1;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int write_failed(const char *path, struct err *err)
{
	return err_harness(err, "%s: cannot write: %s", path, strerror(errno));
}

// A device or a pipe: written to, not replaced.
static int write_into(const char *path, const void *bytes, size_t len, struct err *err)
{
	int rc = 0, fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write_all(fd, bytes, len) < 0)
		rc = write_failed(path, err);
	if (fd >= 0 && close(fd) < 0 && !rc)
		rc = write_failed(path, err);
	return rc;
}

static int write_anew(const char *path, const void *bytes, size_t len, struct err *err)
{
	char *temporary = xasprintf("%s.%ld.tmp", path, (long)getpid());
	int rc = 0;
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	if (fd < 0 || write_all(fd, bytes, len) < 0)
		rc = write_failed(path, err);
	if (fd >= 0 && close(fd) < 0 && !rc)
		rc = write_failed(path, err);
	if (rc == 0 && rename(temporary, path) < 0)
		rc = write_failed(path, err);
	if (rc < 0)
		unlink(temporary);
	free(temporary);
	return rc;
}

int fs_write(const char *path, const void *bytes, size_t len, struct err *err)
{
	char *real = realpath(path, NULL); // a link stays a link
	struct stat st;
	int rc;

	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		rc = write_into(path, bytes, len, err);
	else
		rc = write_anew(real ? real : path, bytes, len, err);
	free(real);
	return rc;
}

int fs_copy(const char *from, const char *to, struct err *err)
{
	struct strbuf content = STRBUF_INIT;
	int rc = fs_read(from, 0, &content, err);

	if (!rc)
		rc = fs_write(to, content.buf, content.len, err);
	strbuf_release(&content);
	return rc;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

int fs_remove_tree(const char *path)
{
	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0)
		return errno == ENOENT ? 0 : -1;
	return 0;
}

// As a pattern that matches the path alone.
static char *glob_quote(const char *path)
{
	struct strbuf quoted = STRBUF_INIT;

	for (; *path; path++) {
		if (strchr("*?[\\", *path))
			strbuf_addch(&quoted, '\\');
		strbuf_addch(&quoted, *path);
	}
	return strbuf_detach(&quoted);
}

bool fs_glob(const char *path, const char *pattern, int flags, glob_t *found)
{
	char *quoted = glob_quote(path), *whole = xasprintf("%s%s", quoted, pattern);
	bool any = !glob(whole, flags, NULL, found);

	free(whole);
	free(quoted);
	return any;
}

const char *fs_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
