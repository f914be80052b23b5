/*
 * Processes that the program has forked. They are not controlled. What is known about
 * them: whether one may still do something on its own, or whether all of them have ended
 * or wait for another process.
 */
#include "core/iteration.h"
#include "core/real.h"
#include "outside/outside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A snapshot: whether all slept, and a number that changes when one was awake in between.
struct view {
	bool asleep;
	bool computes; // one was awake, and did not only sleep until some time
	unsigned long switches;
	unsigned nr;
};

static size_t read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	text[0] = '\0';
	if (fd < 0)
		return 0;
	n = RT_REAL(read)(fd, text, size - 1);
	RT_REAL(close)(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

/*
 * Whether a system call, with its arguments as /proc prints them, sleeps until
 * somebody else acts. One that ends by itself at some time does not count.
 */
static bool waits_for_others(const char *text)
{
	static const struct {
		long number;
		int timeout; // which argument says when it ends; -1: none
		unsigned long never;
	} calls[] = {
		{ SYS_futex, 3, 0 },         { SYS_read, -1, 0 },
		{ SYS_write, -1, 0 },        { SYS_readv, -1, 0 },
		{ SYS_writev, -1, 0 },       { SYS_wait4, -1, 0 },
		{ SYS_waitid, -1, 0 },       { SYS_recvfrom, -1, 0 },
		{ SYS_recvmsg, -1, 0 },      { SYS_sendto, -1, 0 },
		{ SYS_sendmsg, -1, 0 },      { SYS_accept, -1, 0 },
		{ SYS_accept4, -1, 0 },      { SYS_connect, -1, 0 },
		{ SYS_openat, -1, 0 },       { SYS_flock, -1, 0 },
		{ SYS_fcntl, -1, 0 },        { SYS_semop, -1, 0 },
		{ SYS_msgrcv, -1, 0 },       { SYS_msgsnd, -1, 0 },
		{ SYS_ppoll, 2, 0 },         { SYS_rt_sigsuspend, -1, 0 },
		{ SYS_pselect6, 4, 0 },      { SYS_epoll_pwait, 3, 0xffffffff },
		{ SYS_futex_waitv, 3, 0 },
#ifdef SYS_poll
		{ SYS_poll, 2, 0xffffffff }, { SYS_pause, -1, 0 },
		{ SYS_select, 4, 0 },        { SYS_epoll_wait, 3, 0xffffffff },
#endif
	};
	unsigned long a[6] = { 0 };
	long number;

	if (sscanf(text, "%ld %lx %lx %lx %lx %lx %lx", &number, &a[0], &a[1], &a[2], &a[3], &a[4],
		   &a[5]) < 1)
		return false;
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (calls[i].number == number)
			return calls[i].timeout < 0 ||
			       (calls[i].never ? (unsigned)a[calls[i].timeout] == calls[i].never
					       : a[calls[i].timeout] == 0);
	return false;
}

static bool sleeps(const char *text)
{
	const long number = strtol(text, NULL, 10);

	return number == SYS_nanosleep || number == SYS_clock_nanosleep;
}

static void look_at_task(const char *task, struct view *view)
{
	char path[96], text[2048];
	const char *at, *switches;
	char state;

	snprintf(path, sizeof(path), "%s/status", task);
	if (!read_text(path, text, sizeof(text)))
		return; // it is gone
	view->nr++;
	at = strstr(text, "\nState:\t");
	state = at ? at[8] : 'Z';
	switches = strstr(text, "\nvoluntary_ctxt_switches:\t");
	if (switches)
		view->switches += strtoul(switches + 26, NULL, 10);
	if (state == 'Z' || state == 'X' || state == 'T')
		return;
	snprintf(path, sizeof(path), "%s/syscall", task);
	read_text(path, text, sizeof(text));
	if (state != 'S' || !waits_for_others(text))
		view->asleep = false;
	view->computes |= state != 'S' || (!waits_for_others(text) && !sleeps(text));
}

static void look_at_children(const char *task, struct view *view);

static void look_at_process(unsigned long pid, struct view *view)
{
	char path[64], task[96], entries[2048];
	long n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%lu/task", pid);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	// Not opendir(), which allocates: the program's heap is to be the same every time.
	while ((n = syscall(SYS_getdents64, fd, entries, sizeof(entries))) > 0)
		for (long at = 0; at < n;) {
			const struct dirent64 *entry = (const void *)(entries + at);

			at += entry->d_reclen;
			if (entry->d_name[0] == '.')
				continue;
			snprintf(task, sizeof(task), "%s/%.16s", path, entry->d_name);
			look_at_task(task, view);
			look_at_children(task, view);
		}
	RT_REAL(close)(fd);
}

// A process's children are listed by the thread that made them.
static void look_at_children(const char *task, struct view *view)
{
	char path[112], text[4096], *at = text;
	unsigned long pid;

	snprintf(path, sizeof(path), "%s/children", task);
	read_text(path, text, sizeof(text));
	while ((pid = strtoul(at, &at, 10)) != 0)
		look_at_process(pid, view);
}

static struct view children_look(void)
{
	struct view view = { .asleep = true };

	look_at_children("/proc/thread-self", &view);
	return view;
}

/*
 * Asleep in two snapshots, and never awake in between: so there was a moment at
 * which all slept, each until another one acts.
 */
bool rt_children_busy(void)
{
	struct view first, second;

	if (!rt_iteration.processes)
		return false;
	first = children_look();
	if (!first.asleep)
		return true;
	second = children_look();
	return !second.asleep || second.switches != first.switches || second.nr != first.nr;
}

bool rt_children_only_sleep(void)
{
	struct view view = children_look();

	return !view.asleep && !view.computes;
}

static unsigned kill_children(void)
{
	char text[4096], *at = text;
	unsigned long pid;
	unsigned nr = 0;

	read_text("/proc/thread-self/children", text, sizeof(text));
	for (; (pid = strtoul(at, &at, 10)) != 0; nr++)
		kill((pid_t)pid, SIGKILL);
	return nr;
}

// In the warmed process, which inherits the orphans of an iteration.
void rt_end_children(void)
{
	enum { NAP_US = 500, GRACE_MS = 2000 };

	rt_iteration.processes = true;
	for (int naps = 0; naps < GRACE_MS * 1000 / NAP_US && rt_children_busy(); naps++)
		usleep(NAP_US);
	rt_iteration.processes = false;
	while (kill_children())
		while (waitpid(-1, NULL, 0) < 0 && errno == EINTR)
			;
}
