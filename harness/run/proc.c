#include "run/proc.h"

#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void pid_list_release(struct pid_list *list)
{
	free(list->items);
	*list = (struct pid_list){ 0 };
}

void pid_list_add(struct pid_list *list, pid_t pid)
{
	*VEC_PUSH(list) = pid;
}

bool pid_list_has(const struct pid_list *list, pid_t pid)
{
	for (size_t i = 0; i < list->nr; i++)
		if (list->items[i] == pid)
			return true;
	return false;
}

void pid_list_parse(struct pid_list *list, const char *text)
{
	char *end;

	for (;;) {
		long pid = strtol(text, &end, 10);

		if (end == text)
			return;
		pid_list_add(list, (pid_t)pid);
		text = end;
	}
}

ssize_t proc_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	while (len < size - 1 && (n = read(fd, buf + len, size - 1 - len)) > 0)
		len += (size_t)n;
	close(fd);
	buf[len] = '\0';
	return n < 0 ? -1 : (ssize_t)len;
}

int proc_stat(pid_t pid, pid_t tid, struct proc_stat *stat)
{
	char path[64], text[1024], *name_end;
	int parent, group, session;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, tid);
	if (proc_read(path, text, sizeof(text)) <= 0)
		return -1;
	// The name in parentheses may hold anything, parentheses too.
	name_end = strrchr(text, ')');
	if (!name_end ||
	    sscanf(name_end + 1, " %c %d %d %d", &stat->state, &parent, &group, &session) != 4)
		return -1;
	stat->parent = parent;
	stat->session = session;
	return 0;
}

// Appends the entries of a folder of /proc that are numbers.
static int numbers_in(const char *path, struct pid_list *out)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return -1;
	while ((entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]))
			pid_list_add(out, (pid_t)atoi(entry->d_name));
	closedir(dir);
	return 0;
}

int proc_threads(pid_t pid, struct pid_list *threads)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	return numbers_in(path, threads);
}

int proc_all(struct pid_list *processes)
{
	return numbers_in("/proc", processes);
}

static int children_by_parent(pid_t pid, struct pid_list *children)
{
	struct pid_list all = { 0 };
	struct proc_stat stat;
	int rc = proc_all(&all);

	for (size_t i = 0; i < all.nr; i++)
		if (!proc_stat(all.items[i], all.items[i], &stat) && stat.parent == pid)
			pid_list_add(children, all.items[i]);
	pid_list_release(&all);
	return rc;
}

// -1 when the thread is gone or the kernel has no such file.
static int children_of_thread(pid_t pid, pid_t tid, struct pid_list *children)
{
	struct strbuf text = STRBUF_INIT;
	struct err ignored = ERR_INIT;
	char path[64];
	int rc;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, tid);
	rc = fs_read(path, 0, &text, &ignored);
	if (!rc)
		pid_list_parse(children, text.buf);
	strbuf_release(&text);
	return rc;
}

int proc_children(pid_t pid, struct pid_list *children)
{
	struct pid_list threads = { 0 };
	int rc = proc_threads(pid, &threads);
	bool read_one = false;

	for (size_t i = 0; i < threads.nr; i++)
		if (!children_of_thread(pid, threads.items[i], children))
			read_one = true;
	if (!rc && !read_one)
		rc = children_by_parent(pid, children);
	pid_list_release(&threads);
	return rc;
}

void proc_family(pid_t root, struct pid_list *family)
{
	size_t first = family->nr;

	pid_list_add(family, root);
	for (size_t i = first; i < family->nr; i++)
		(void)proc_children(family->items[i], family);
}

uint64_t proc_resident(pid_t pid)
{
	char path[64], text[256];
	unsigned long size, resident;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	if (proc_read(path, text, sizeof(text)) <= 0 ||
	    sscanf(text, "%lu %lu", &size, &resident) != 2)
		return 0;
	return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

int64_t proc_cpu_ns(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &used) < 0)
		return 0;
	return (int64_t)used.tv_sec * NS_PER_S + used.tv_nsec;
}

bool proc_environ(pid_t pid, const char *name, char *value, size_t size)
{
	struct strbuf text = STRBUF_INIT;
	struct err ignored = ERR_INIT;
	size_t len = strlen(name);
	bool found = false;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/environ", pid);
	(void)fs_read(path, 0, &text, &ignored);
	for (size_t at = 0; at < text.len && !found; at += strlen(text.buf + at) + 1) {
		found = !strncmp(text.buf + at, name, len) && text.buf[at + len] == '=';
		if (found)
			snprintf(value, size, "%s", text.buf + at + len + 1);
	}
	strbuf_release(&text);
	return found;
}

void proc_name(pid_t pid, char name[PROC_NAME])
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	if (proc_read(path, name, PROC_NAME) <= 0)
		memcpy(name, "?", sizeof("?"));
	name[strcspn(name, "\n")] = '\0';
}
