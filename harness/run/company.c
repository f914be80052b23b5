#include "run/company.h"

#include "run/proc.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The kernel counts the CPU time of a process, ended threads included, and that of its first
 * thread, both in nanoseconds. A thread cannot run without using some: they are equal only if
 * there was no other. The first thread is gone for good when its figure stands still.
 */
static unsigned threads_of(pid_t pid)
{
	enum { TRIES = 100 };
	char path[64], text[128];
	int64_t before = -1;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", pid, pid);
	for (int i = 0; i < TRIES; i++) {
		int64_t all = proc_cpu_ns(pid), first;
		char *end;

		if (all <= 0 || proc_read(path, text, sizeof(text)) <= 0)
			return 0;
		first = strtoll(text, &end, 10);
		if (end == text || first <= 0)
			return 0;
		if (first == before)
			return all == first ? 1 : 2;
		before = first;
	}
	return 0;
}

// Every process causes page faults, and those of children count for who has waited for them.
static bool had_children(pid_t pid)
{
	unsigned long minor = 0, major = 0;
	char path[64], text[1024];
	const char *name_end;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (proc_read(path, text, sizeof(text)) <= 0)
		return false;
	name_end = strrchr(text, ')');
	// State, five numbers, flags; then minor faults, its children's, major ones, its
	// children's.
	return name_end &&
	       sscanf(name_end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %lu %*u %lu", &minor,
		      &major) == 2 &&
	       minor + major > 0;
}

// Whether its children vanish without being waited for.
static bool disowns_children(pid_t pid)
{
	static const char key[] = "\nSigIgn:";
	char path[64], text[4096];
	const char *ignored;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (proc_read(path, text, sizeof(text)) <= 0)
		return true;
	ignored = strstr(text, key);
	return !ignored ||
	       (strtoull(ignored + sizeof(key) - 1, NULL, 16) >> (SIGCHLD - 1) & 1) != 0;
}

unsigned company_of(pid_t pid, bool tool_threads)
{
	unsigned threads = tool_threads ? 0 : threads_of(pid);

	if (threads > 1 || had_children(pid))
		return 2;
	return threads && !disowns_children(pid) ? 1 : 0;
}
