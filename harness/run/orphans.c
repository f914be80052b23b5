#include "run/orphans.h"

#include "base/clock.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FAST_LOOK 4096

void orphans_init(struct orphans *orphans)
{
	char path[64];

	*orphans = (struct orphans){ .self = getpid() };
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", orphans->self, orphans->self);
	orphans->children_fd = open(path, O_RDONLY | O_CLOEXEC);
	(void)proc_children(orphans->self, &orphans->before);
}

void orphans_release(struct orphans *orphans)
{
	for (size_t i = 0; i < orphans->nr; i++)
		if (orphans->items[i].pidfd >= 0)
			close(orphans->items[i].pidfd);
	free(orphans->items);
	pid_list_release(&orphans->before);
	if (orphans->children_fd >= 0)
		close(orphans->children_fd);
	*orphans = (struct orphans){ .children_fd = -1 };
}

static void own_children(const struct orphans *orphans, struct pid_list *children)
{
	char text[FAST_LOOK];
	ssize_t n = -1;

	if (orphans->children_fd >= 0)
		n = pread(orphans->children_fd, text, sizeof(text) - 1, 0);
	if (n >= 0 && n < (ssize_t)sizeof(text) - 64) {
		text[n] = '\0';
		pid_list_parse(children, text);
	} else {
		(void)proc_children(orphans->self, children);
	}
}

static bool is_known(const struct orphans *orphans, const struct live_table *lives, pid_t pid)
{
	for (size_t i = 0; i < lives->nr; i++) {
		const struct live *live = &lives->items[i];

		if (live->phase != LIVE_FREE && live->child.pidfd >= 0 && live->child.pid == pid)
			return true;
	}
	for (size_t i = 0; i < orphans->nr; i++)
		if (orphans->items[i].pid == pid)
			return true;
	return pid_list_has(&orphans->before, pid);
}

static struct live *live_of(const struct live_table *lives, uint64_t serial)
{
	for (size_t i = 0; i < lives->nr; i++)
		if (lives->items[i].phase != LIVE_FREE && lives->items[i].serial == serial)
			return &lives->items[i];
	return NULL;
}

static bool is_marked(const char *mark, const struct live *live)
{
	return !strcmp(mark, live->mark + sizeof(LIVE_MARK));
}

// The run whose mark is in its environment, else the one whose session it is in, else the only
// run; 0 when unknown.
static uint64_t owner_of(pid_t pid, const struct live_table *lives)
{
	struct proc_stat stat = { 0 };
	uint64_t by_session = 0, last = 0;
	size_t active = 0;
	char mark[96] = "";

	(void)proc_environ(pid, LIVE_MARK, mark, sizeof(mark));
	(void)proc_stat(pid, pid, &stat);
	for (size_t i = 0; i < lives->nr; i++) {
		const struct live *live = &lives->items[i];

		if (live->phase == LIVE_FREE)
			continue;
		if (is_marked(mark, live))
			return live->serial;
		if (stat.session == live->child.pid)
			by_session = live->serial;
		active++;
		last = live->serial;
	}
	return by_session ? by_session : active == 1 ? last : 0;
}

static int64_t ns_of(const struct timeval *time)
{
	return (int64_t)time->tv_sec * NS_PER_S + (int64_t)time->tv_usec * 1000;
}

// True when it had ended. One that was killed counts as having outlived its run: a run's end
// alone sends it no signal.
static bool reap_one(pid_t pid, uint64_t serial, const struct live_table *lives)
{
	struct live *live = live_of(lives, serial);
	struct rusage usage;
	int status;
	pid_t got = wait4(pid, &status, WNOHANG, &usage);

	if (got == 0)
		return false;
	if (got == pid && live) {
		// Its parent was alive when it began.
		if (live->result.alive < 2)
			live->result.alive = 2;
		live->result.cpu_ns += ns_of(&usage.ru_utime) + ns_of(&usage.ru_stime);
		if (live->phase == LIVE_ORPHANED && !live->decided && WIFSIGNALED(status) &&
		    WTERMSIG(status) == SIGKILL)
			live->result.orphans++;
	}
	return true;
}

static uint64_t newest_serial(const struct live_table *lives)
{
	uint64_t newest = 0;

	for (size_t i = 0; i < lives->nr; i++)
		if (lives->items[i].phase != LIVE_FREE && lives->items[i].serial > newest)
			newest = lives->items[i].serial;
	return newest;
}

// True when one of the new ones had ended already: its own children are then ours by now.
static bool look_once(struct orphans *orphans, const struct live_table *lives)
{
	struct pid_list children = { 0 };
	bool again = false;

	own_children(orphans, &children);
	for (size_t i = 0; i < children.nr; i++) {
		struct orphan orphan = { .pid = children.items[i] };

		if (is_known(orphans, lives, orphan.pid))
			continue;
		orphan.serial = owner_of(orphan.pid, lives);
		orphan.newest = newest_serial(lives);
		if (reap_one(orphan.pid, orphan.serial, lives)) {
			again = true;
			continue;
		}
		orphan.pidfd = (int)syscall(SYS_pidfd_open, orphan.pid, 0);
		*VEC_PUSH(orphans) = orphan;
	}
	pid_list_release(&children);
	return again;
}

void orphans_look(struct orphans *orphans, const struct live_table *lives)
{
	while (look_once(orphans, lives))
		;
}

void orphans_reap(struct orphans *orphans, const struct live_table *lives)
{
	bool again = false;

	for (size_t i = 0; i < orphans->nr;) {
		struct orphan *orphan = &orphans->items[i];

		if (!reap_one(orphan->pid, orphan->serial, lives)) {
			i++;
			continue;
		}
		if (orphan->pidfd >= 0)
			close(orphan->pidfd);
		*orphan = orphans->items[--orphans->nr];
		again = true;
	}
	if (again)
		orphans_look(orphans, lives);
}

size_t orphans_of(const struct orphans *orphans, uint64_t serial)
{
	size_t nr = 0;

	for (size_t i = 0; i < orphans->nr; i++)
		nr += orphans->items[i].serial == serial;
	return nr;
}

void orphans_list(const struct orphans *orphans, uint64_t serial, struct pid_list *out)
{
	for (size_t i = 0; i < orphans->nr; i++)
		if (orphans->items[i].serial == serial)
			proc_family(orphans->items[i].pid, out);
}

static void kill_family(pid_t pid)
{
	struct pid_list family = { 0 };

	proc_family(pid, &family);
	for (size_t i = 0; i < family.nr; i++)
		kill(family.items[i], SIGKILL);
	pid_list_release(&family);
}

void orphans_kill(const struct orphans *orphans, uint64_t serial)
{
	for (size_t i = 0; i < orphans->nr; i++)
		if (orphans->items[i].serial == serial)
			kill_family(orphans->items[i].pid);
}

void orphans_kill_unknown(const struct orphans *orphans, const struct live_table *lives)
{
	uint64_t oldest = UINT64_MAX;

	for (size_t i = 0; i < lives->nr; i++)
		if (lives->items[i].phase != LIVE_FREE && lives->items[i].serial < oldest)
			oldest = lives->items[i].serial;
	for (size_t i = 0; i < orphans->nr; i++)
		if (!live_of(lives, orphans->items[i].serial) && orphans->items[i].newest < oldest)
			kill_family(orphans->items[i].pid);
}
