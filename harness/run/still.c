#include "run/still.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"

#include <dirent.h>
#include <elf.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif

struct sleeper {
	pid_t pid, tid;
	bool nap;
	struct proc_call call;
};

struct sleepers {
	struct sleeper *items;
	size_t nr, alloc;
};

static bool futex_untimed(const struct proc_call *call)
{
	switch (call->args[1] & (uint64_t)FUTEX_CMD_MASK) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAIT_REQUEUE_PI:
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return call->args[3] == 0;
	default:
		return false;
	}
}

// Whether the call waits for a pipe, and which.
static bool waits_for_pipe(pid_t pid, const struct proc_call *call, char *link, size_t size)
{
	enum proc_wait wait = proc_call_wait(call->nr);

	return (wait == WAIT_READ || wait == WAIT_WRITE) &&
	       !proc_fd_link(pid, (int)call->args[0], link, size) && !strncmp(link, "pipe:", 5);
}

// Whether only another process or thread ends the call, and never time.
static bool untimed(pid_t pid, const struct proc_call *call)
{
	enum proc_wait wait = proc_call_wait(call->nr);
	char link[64];

	return wait == WAIT_FUTEX
		       ? futex_untimed(call)
		       : wait == WAIT_CHILD || waits_for_pipe(pid, call, link, sizeof(link));
}

static bool naps(const struct proc_call *call)
{
	return proc_call_wait(call->nr) == WAIT_TIME;
}

// False when the thread might run again by itself. A dead one neither runs nor counts.
static bool add_thread(struct sleepers *sleepers, pid_t pid, pid_t tid, bool *nap)
{
	struct sleeper sleeper = { .pid = pid, .tid = tid };
	struct proc_stat stat;

	if (proc_stat(pid, tid, &stat) < 0)
		return false;
	if (stat.state == 'Z' || stat.state == 'X')
		return true;
	if (stat.state != 'S' || proc_call(pid, tid, &sleeper.call) < 0)
		return false;
	if (*nap && tid != pid && naps(&sleeper.call)) {
		sleeper.nap = true;
		*nap = false;
	} else if (!untimed(pid, &sleeper.call)) {
		return false;
	}
	*VEC_PUSH(sleepers) = sleeper;
	return true;
}

static bool collect(const struct pid_list *processes, bool tool_naps, struct sleepers *sleepers)
{
	struct pid_list threads = { 0 };
	bool all = true;

	for (size_t i = 0; all && i < processes->nr; i++) {
		bool nap = tool_naps;

		threads.nr = 0;
		all = !proc_threads(processes->items[i], &threads);
		for (size_t t = 0; all && t < threads.nr; t++)
			all = add_thread(sleepers, processes->items[i], threads.items[t], &nap);
	}
	pid_list_release(&threads);
	return all && sleepers->nr;
}

/*
 * The count of switches is read after the call. The kernel shows the call only
 * of a thread that is really off the CPU; so when call and count are the same
 * at two looks, the thread stayed off it from the first count to the second
 * call.
 */
static bool hash_sleeper(const struct sleeper *sleeper, uint64_t *what)
{
	int64_t switches = proc_switches(sleeper->pid, sleeper->tid);

	*what = hash_bytes(*what, &sleeper->tid, sizeof(sleeper->tid));
	if (sleeper->nap)
		return true;
	*what = hash_bytes(*what, &sleeper->call, sizeof(sleeper->call));
	*what = hash_bytes(*what, &switches, sizeof(switches));
	return switches >= 0;
}

bool still_run(const struct pid_list *processes, bool tool_naps, uint64_t *what)
{
	struct sleepers sleepers = { 0 };
	bool still = collect(processes, tool_naps, &sleepers);

	*what = HASH_INIT;
	for (size_t i = 0; still && i < sleepers.nr; i++)
		still = hash_sleeper(&sleepers.items[i], what);
	free(sleepers.items);
	return still;
}

// The numbers of system calls are those of this machine's own programs only.
static bool same_machine(pid_t pid)
{
	char path[64], own[20], its[20];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	return proc_read("/proc/self/exe", own, sizeof(own)) == sizeof(own) - 1 &&
	       proc_read(path, its, sizeof(its)) == sizeof(its) - 1 &&
	       !memcmp(own, its, EI_DATA + 1) && own[18] == its[18];
}

// Memory that is shared under a name can be written by anybody, now or later.
static bool futex_is_own(const struct sleeper *sleeper)
{
	struct proc_map map;

	if (sleeper->call.args[1] & FUTEX_PRIVATE_FLAG)
		return true;
	if (!proc_map_of(sleeper->pid, sleeper->call.args[0], &map))
		return false;
	return !map.shared ||
	       (text_ends_with(map.path, " (deleted)") && strncmp(map.path, "/SYSV", 5)) ||
	       !strncmp(map.path, "/SYSV00000000", 13);
}

bool still_nap(pid_t pid, const struct proc_call *call)
{
	struct proc_map map;

	return naps(call) && proc_map_of(pid, call->pc, &map) && *map.path == '/' &&
	       !proc_is_libc(map.path);
}

// Whether process `pid` has a descriptor of one of the `pipes`.
static bool holds_one(pid_t pid, char (*pipes)[64], size_t nr)
{
	char path[64], link[64];
	struct dirent *entry;
	bool held = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	while (dir && !held && (entry = readdir(dir)))
		if (!proc_fd_link(pid, atoi(entry->d_name), link, sizeof(link)))
			for (size_t i = 0; i < nr && !held; i++)
				held = !strcmp(link, pipes[i]);
	if (dir)
		closedir(dir);
	return held;
}

static bool pipes_are_own(const struct sleepers *sleepers, const struct pid_list *processes)
{
	char(*pipes)[64] = xcalloc(sleepers->nr, sizeof(*pipes));
	struct pid_list all = { 0 };
	bool own = true;
	size_t nr = 0;

	for (size_t i = 0; i < sleepers->nr; i++)
		nr += waits_for_pipe(sleepers->items[i].pid, &sleepers->items[i].call, pipes[nr],
				     sizeof(*pipes));
	if (nr)
		own = !proc_all(&all);
	for (size_t i = 0; own && i < all.nr; i++)
		if (!pid_list_has(processes, all.items[i]))
			own = !holds_one(all.items[i], pipes, nr);
	pid_list_release(&all);
	free(pipes);
	return own;
}

bool still_alone(const struct pid_list *processes, bool tool_naps)
{
	struct sleepers sleepers = { 0 };
	bool alone = collect(processes, tool_naps, &sleepers);

	for (size_t i = 0; alone && i < sleepers.nr; i++) {
		const struct sleeper *sleeper = &sleepers.items[i];

		alone = same_machine(sleeper->pid) && !still_signals(sleeper->pid);
		if (alone && sleeper->nap)
			alone = still_nap(sleeper->pid, &sleeper->call);
		if (alone && sleeper->call.nr == SYS_futex)
			alone = futex_is_own(sleeper);
	}
	alone = alone && pipes_are_own(&sleepers, processes);
	free(sleepers.items);
	return alone;
}
