#include "base/home.h"

#include "base/mem.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash > path ? xstrndup(path, (size_t)(slash - path)) : xstrdup("/");
}

void home_find(struct home *home)
{
	char exe[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[len > 0 ? len : 0] = '\0';
	home->build = parent_of(len > 0 ? exe : "./build/racegate");
	home->root = parent_of(home->build);
}

void home_release(struct home *home)
{
	free(home->build);
	free(home->root);
	*home = (struct home){ 0 };
}

char *home_relative(const char *path)
{
	char cwd[PATH_MAX];
	size_t len;

	if (path[0] != '/' || !getcwd(cwd, sizeof(cwd)))
		return xstrdup(path);
	len = strlen(cwd);
	if (!strcmp(path, cwd))
		return xstrdup(".");
	if (len > 1 && !strncmp(path, cwd, len) && path[len] == '/')
		return xstrdup(path + len + 1);
	return xstrdup(path);
}
