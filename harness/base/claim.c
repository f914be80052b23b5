#include "base/claim.h"

#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int claim_take(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat held, there;

	if (fd < 0)
		return -1;
	// Somebody may have swept it before it was held.
	if (!flock(fd, LOCK_EX | LOCK_NB) && !fstat(fd, &held) && !stat(dir, &there) &&
	    held.st_ino == there.st_ino && held.st_dev == there.st_dev)
		return fd;
	close(fd);
	return -1;
}

static bool is_suffixed(const char *text, size_t len, const char *suffix)
{
	return len > strlen(suffix) && !strcmp(text + len - strlen(suffix), suffix);
}

void claim_sweep(const char *path, const char *pattern)
{
	glob_t found = { 0 };

	if (fs_glob(path, pattern, GLOB_NOSORT, &found))
		for (size_t i = 0; i < found.gl_pathc; i++) {
			int fd = claim_take(found.gl_pathv[i]);

			if (fd < 0)
				continue;
			fs_remove_tree(found.gl_pathv[i]);
			close(fd);
		}
	globfree(&found);
}

// "report.json.123.tmp": the process is gone.
static bool is_left(const char *path)
{
	size_t len = strlen(path), digits = 0;
	long pid;

	if (!is_suffixed(path, len, ".tmp"))
		return false;
	len -= strlen(".tmp");
	while (digits < len && path[len - 1 - digits] >= '0' && path[len - 1 - digits] <= '9')
		digits++;
	pid = digits ? strtol(path + len - digits, NULL, 10) : 0;
	return pid > 0 && pid <= INT32_MAX && kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

void claim_sweep_files(const char *path, const char *pattern)
{
	glob_t found = { 0 };

	if (fs_glob(path, pattern, GLOB_NOSORT, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (is_left(found.gl_pathv[i]))
				unlink(found.gl_pathv[i]);
	globfree(&found);
}
