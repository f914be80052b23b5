#include "run/proc.h"

#include "base/fs.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// The calls that a thread may sleep in.
static const struct {
	long nr;
	const char *name;
	enum proc_wait wait;
} calls[] = {
#define CALL(name, wait)                                                                           \
	{                                                                                          \
		SYS_##name, #name, WAIT_##wait                                                     \
	}
	CALL(futex, FUTEX),
	CALL(futex_waitv, OTHER),
	CALL(read, READ),
	CALL(readv, READ),
	CALL(recvfrom, READ),
	CALL(recvmsg, READ),
	CALL(write, WRITE),
	CALL(writev, WRITE),
	CALL(sendto, WRITE),
	CALL(sendmsg, WRITE),
	CALL(wait4, CHILD),
	CALL(waitid, CHILD),
	CALL(nanosleep, TIME),
	CALL(clock_nanosleep, TIME),
	CALL(ppoll, OTHER),
	CALL(pselect6, OTHER),
	CALL(epoll_pwait, OTHER),
	CALL(accept, OTHER),
	CALL(accept4, OTHER),
	CALL(connect, OTHER),
	CALL(flock, OTHER),
	CALL(fcntl, OTHER),
	CALL(semop, OTHER),
	CALL(semtimedop, OTHER),
	CALL(msgrcv, OTHER),
	CALL(msgsnd, OTHER),
	CALL(mq_timedreceive, OTHER),
	CALL(mq_timedsend, OTHER),
	CALL(sched_yield, OTHER),
	CALL(openat, OTHER),
	CALL(rt_sigtimedwait, OTHER),
	CALL(rt_sigsuspend, OTHER),
	CALL(restart_syscall, OTHER),
	CALL(io_getevents, OTHER),
#ifdef SYS_poll
	CALL(poll, OTHER),
	CALL(select, OTHER),
	CALL(epoll_wait, OTHER),
	CALL(pause, OTHER),
	CALL(open, OTHER),
#endif
#undef CALL
};

enum proc_wait proc_call_wait(long nr)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].nr == nr)
			return calls[i].wait;
	return WAIT_OTHER;
}

char *proc_call_name(long nr)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (calls[i].nr == nr)
			return xstrdup(calls[i].name);
	return xasprintf("system call %ld", nr);
}

int proc_call(pid_t pid, pid_t tid, struct proc_call *call)
{
	char path[64], text[512];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", pid, tid);
	if (proc_read(path, text, sizeof(text)) <= 0)
		return -1;
	// "running", or "-1 SP PC" for a thread that is blocked elsewhere, have fewer fields.
	if (sscanf(text,
		   "%ld %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64 " %" SCNx64
		   " %" SCNx64 " %" SCNx64,
		   &call->nr, &call->args[0], &call->args[1], &call->args[2], &call->args[3],
		   &call->args[4], &call->args[5], &call->sp, &call->pc) != 9)
		return -1;
	return call->nr < 0 ? -1 : 0;
}

int64_t proc_switches(pid_t pid, pid_t tid)
{
	static const char *const names[] = { "\nvoluntary_ctxt_switches:",
					     "\nnonvoluntary_ctxt_switches:" };
	char path[64], text[8192];
	int64_t sum = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", pid, tid);
	if (proc_read(path, text, sizeof(text)) <= 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *at = strstr(text, names[i]);

		if (!at)
			return -1;
		sum += strtoll(at + strlen(names[i]), NULL, 10);
	}
	return sum;
}

int proc_map_find(pid_t pid, bool (*wanted)(const struct proc_map *map, const void *arg),
		  const void *arg, struct proc_map *map)
{
	char path[64], *line = NULL;
	size_t alloc = 0;
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	file = fopen(path, "re");
	if (!file)
		return -1;
	while (!found && getline(&line, &alloc, file) > 0) {
		char mode[8] = "";
		int name = 0;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %n", &map->start,
			   &map->end, mode, &name) < 3)
			continue;
		map->shared = strchr(mode, 's') != NULL;
		map->code = strchr(mode, 'x') != NULL;
		snprintf(map->path, sizeof(map->path), "%s", name ? line + name : "");
		map->path[strcspn(map->path, "\n")] = '\0';
		found = wanted(map, arg);
	}
	free(line);
	fclose(file);
	return found;
}

static bool map_holds(const struct proc_map *map, const void *addr)
{
	return *(const uint64_t *)addr >= map->start && *(const uint64_t *)addr < map->end;
}

bool proc_map_of(pid_t pid, uint64_t addr, struct proc_map *map)
{
	return proc_map_find(pid, map_holds, &addr, map) == 1;
}

bool proc_is_libc(const char *path)
{
	const char *name = fs_base(path);

	return !strncmp(name, "libc.", 5) || !strncmp(name, "libc-", 5);
}

int proc_fd_link(pid_t pid, int fd, char *link, size_t size)
{
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	n = readlink(path, link, size - 1);
	if (n < 0)
		return -1;
	link[n] = '\0';
	return 0;
}
