#include "run/still.h"

#include "base/fs.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Whether `sig` is in the set that a status file of /proc gives for `key`; when it cannot be
// read: `unknown`.
static bool in_set(const char *path, const char *key, int sig, bool unknown)
{
	char text[8192];
	const char *at;

	if (proc_read(path, text, sizeof(text)) <= 0)
		return unknown;
	at = strstr(text, key);
	return at ? strtoull(at + strlen(key), NULL, 16) >> (sig - 1) & 1 : unknown;
}

static bool catches(pid_t pid, int sig)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	return in_set(path, "\nSigCgt:", sig, true);
}

/*
 * Whether a timer may wake a sleeper. One that sends its signal to a thread that
 * blocks it does not, as long as the thread sleeps: so are those of the perturbing
 * library, around calls that the signal would cut short.
 */
static bool has_timers(pid_t pid)
{
	static const char form[] =
		"ID: %*d signal: %d/%*[0-9a-f] notify: signal/tid.%d ClockID: %*d %n";
	char path[64], text[8192];
	ssize_t len;
	int sig, tid, used;

	snprintf(path, sizeof(path), "/proc/%d/timers", pid);
	len = proc_read(path, text, sizeof(text));
	if (len < 0 || len == sizeof(text) - 1)
		return true;
	for (const char *at = text; *at; at += used) {
		used = 0;
		if (sscanf(at, form, &sig, &tid, &used) != 2 || !used || sig < 1 || sig > 64)
			return true;
		snprintf(path, sizeof(path), "/proc/%d/task/%d/status", pid, tid);
		if (!in_set(path, "\nSigBlk:", sig, false))
			return true;
	}
	return false;
}

static bool fd_is_async(pid_t pid, const char *fd)
{
	char path[320], text[512];
	const char *at;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", pid, fd);
	if (proc_read(path, text, sizeof(text)) <= 0)
		return false;
	at = strstr(text, "flags:");
	return at && strtoul(at + 6, NULL, 8) & O_ASYNC;
}

static bool has_async_fd(pid_t pid)
{
	struct dirent *entry;
	bool async = false;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo", pid);
	dir = opendir(path);
	if (!dir)
		return true;
	while (!async && (entry = readdir(dir)))
		async = fd_is_async(pid, entry->d_name);
	closedir(dir);
	return async;
}

static bool under_valgrind(pid_t pid)
{
	char path[64], exe[512];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	n = readlink(path, exe, sizeof(exe) - 1);
	exe[n < 0 ? 0 : n] = '\0';
	return strstr(exe, "/valgrind/") != NULL;
}

// Whether the file holds one of the names as a symbol's: between two zero bytes.
static bool names_alarm(const char *path)
{
	static const char *const names[] = { "\0alarm", "\0ualarm", "\0setitimer" };
	static const size_t sizes[] = { 7, 8, 11 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool found = false;
	struct stat st;
	void *bytes;

	if (fd < 0)
		return true;
	if (!fstat(fd, &st) && st.st_size > 0) {
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		for (size_t i = 0; bytes != MAP_FAILED && i < 3 && !found; i++)
			found = memmem(bytes, (size_t)st.st_size, names[i], sizes[i]) != NULL;
		if (bytes == MAP_FAILED)
			found = true;
		else
			munmap(bytes, (size_t)st.st_size);
	}
	close(fd);
	return found;
}

// The C library has the functions and does not call them by itself.
static bool is_runtime(const char *path)
{
	const char *base = fs_base(path);

	return proc_is_libc(path) || !strncmp(base, "ld-", 3) || !strncmp(base, "libpthread", 10) ||
	       strstr(path, "/valgrind/");
}

static bool map_names_alarm(const struct proc_map *map, const void *arg)
{
	(void)arg;
	return map->code && *map->path == '/' && !is_runtime(map->path) && names_alarm(map->path);
}

static bool guest_names_alarm(pid_t pid)
{
	struct proc_map map;

	return proc_map_find(pid, map_names_alarm, NULL, &map) != 0;
}

bool still_signals(pid_t pid)
{
	return has_timers(pid) || has_async_fd(pid) ||
	       (catches(pid, SIGALRM) && (!under_valgrind(pid) || guest_names_alarm(pid)));
}
