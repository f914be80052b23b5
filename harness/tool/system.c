#include "tool/system.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/strbuf.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Those that start others, perhaps the program under test.
static const char *const starters[] = {
	"sh",        "bash",    "dash",   "zsh",    "ksh*",  "busybox",  "env",
	"make",      "gmake",   "ninja",  "cmake",  "ctest", "meson",    "nice",
	"time",      "timeout", "xargs",  "find",   "nohup", "setsid",   "stdbuf",
	"python*",   "perl*",   "ruby*",  "tclsh*", "lua*",  "expect",   "prove",
	"automake*", "libtool", "script", "flock",  "tee",   "parallel", "faketime",
};

// Those that do not.
static const char *const helpers[] = {
	"cc",      "gcc*",   "g++*",     "c++",        "clang*",   "c89*",     "c99*",
	"cpp*",    "ld*",    "as",       "ar",         "nm",       "ranlib",   "objcopy",
	"objdump", "strip",  "ccache",   "pkg-config", "awk",      "gawk",     "mawk",
	"sed",     "grep",   "egrep",    "fgrep",      "cat",      "echo",     "printf",
	"rm",      "mv",     "cp",       "ln",         "ls",       "mkdir",    "rmdir",
	"chmod",   "touch",  "basename", "dirname",    "readlink", "realpath", "expr",
	"test",    "[",      "true",     "false",      "sleep",    "date",     "uname",
	"id",      "whoami", "hostname", "sort",       "uniq",     "head",     "tail",
	"tr",      "cut",    "wc",       "diff",       "cmp",      "mktemp",   "seq",
	"install", "git",    "tar",      "gzip",       "sudo",     "su",       "ping",
	"mount",   "kill",   "pkill",    "ps",         "gdb",      "strace",   "valgrind*",
	"nproc",   "which",  "stat",     "md5sum",
};

static bool is_among(const char *name, const char *const *names, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!fnmatch(names[i], name, 0))
			return true;
	return false;
}

static bool in_system_folder(const char *path)
{
	static const char *const folders[] = { "/bin/",      "/sbin/",    "/usr/bin/",
					       "/usr/sbin/", "/usr/lib/", "/usr/libexec/" };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (!strncmp(path, folders[i], strlen(folders[i])))
			return true;
	return false;
}

static bool has_known_name(const char *path)
{
	const char *name = fs_base(path);

	return in_system_folder(path) && (is_among(name, starters, ARRAY_SIZE(starters)) ||
					  is_among(name, helpers, ARRAY_SIZE(helpers)));
}

bool system_program(const char *path)
{
	char line[256], interpreter[256] = "";
	FILE *file;

	if (has_known_name(path))
		return true;
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fgets(line, sizeof(line), file))
		(void)sscanf(line, "#! %255s", interpreter);
	fclose(file);
	return has_known_name(interpreter);
}

char *system_skip_option(void)
{
	struct strbuf option = STRBUF_INIT;

	strbuf_addstr(&option, "--trace-children-skip=/usr/lib/*,/usr/libexec/*");
	for (size_t i = 0; i < ARRAY_SIZE(helpers); i++)
		strbuf_addf(&option, ",/bin/%s,/usr/bin/%s", helpers[i], helpers[i]);
	return strbuf_detach(&option);
}

char *system_find(const char *name)
{
	const char *path = getenv("PATH"), *at = path ? path : "/usr/bin:/bin";

	if (strchr(name, '/'))
		return xstrdup(name);
	for (;; at++) {
		size_t len = strcspn(at, ":");
		char *file =
			len ? xasprintf("%.*s/%s", (int)len, at, name) : xasprintf("./%s", name);

		if (fs_is_file(file) && !access(file, X_OK))
			return file;
		free(file);
		at += len;
		if (!*at)
			return NULL;
	}
}
