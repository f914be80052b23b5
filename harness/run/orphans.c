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

enum reaped { REAPED_NO, REAPED, REAPED_UNKNOWN };

/*
 * One that was killed counts as having outlived its run: a run's end alone sends it no
 * signal. UNKNOWN: it cannot be waited for.
 */
static enum reaped reap_one(const struct orphan *orphan, const struct live_table *lives)
{
	struct live *live = live_of(lives, orphan->serial);
	struct rusage usage;
	int status;
	pid_t got = wait4(orphan->pid, &status, WNOHANG, &usage);

	if (got == 0)
		return REAPED_NO;
	if (got < 0)
		return REAPED_UNKNOWN;
	if (live) {
		// Its parent was alive when it began.
		if (live->result.alive < 2)
			live->result.alive = 2;
		live->result.cpu_ns += ns_of(&usage.ru_utime) + ns_of(&usage.ru_stime);
		if (live->phase == LIVE_ORPHANED && !live->decided && WIFSIGNALED(status) &&
		    WTERMSIG(status) == SIGKILL) {
			live->result.orphans++;
			live_left(&live->result, orphan->name, "ended with SIGKILL");
		}
	}
	return REAPED;
}

void orphans_forget(struct orphans *orphans, pid_t pid)
{
	if (!pid_list_has(&orphans->before, pid))
		pid_list_add(&orphans->before, pid);
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
		enum reaped got;

		if (is_known(orphans, lives, orphan.pid))
			continue;
		orphan.serial = owner_of(orphan.pid, lives);
		orphan.newest = newest_serial(lives);
		proc_name(orphan.pid, orphan.name);
		got = reap_one(&orphan, lives);
		if (got == REAPED_UNKNOWN)
			orphans_forget(orphans, orphan.pid);
		again |= got == REAPED;
		if (got != REAPED_NO)
			continue;
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

static void drop_orphan(struct orphans *orphans, struct orphan *orphan)
{
	if (orphan->pidfd >= 0)
		close(orphan->pidfd);
	*orphan = orphans->items[--orphans->nr];
}

void orphans_reap(struct orphans *orphans, const struct live_table *lives)
{
	bool again = false;

	for (size_t i = 0; i < orphans->nr;) {
		struct orphan *orphan = &orphans->items[i];
		enum reaped got = reap_one(orphan, lives);

		if (got == REAPED_NO) {
			i++;
			continue;
		}
		if (got == REAPED_UNKNOWN)
			orphans_forget(orphans, orphan->pid);
		again |= got == REAPED;
		drop_orphan(orphans, orphan);
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

// False: the first of them may not be signalled.
static bool kill_family(pid_t pid)
{
	struct pid_list family = { 0 };
	bool allowed = true;

	proc_family(pid, &family);
	for (size_t i = 0; i < family.nr; i++)
		if (kill(family.items[i], SIGKILL) < 0 && errno == EPERM && family.items[i] == pid)
			allowed = false;
	pid_list_release(&family);
	return allowed;
}

// `live` NULL: its run is not known. True: it was given up.
static bool kill_orphan(struct orphans *orphans, struct orphan *orphan, struct live *live)
{
	const int64_t now = clock_now();
	bool allowed = kill_family(orphan->pid);

	if (!orphan->killed)
		orphan->killed = now;
	if (allowed && now - orphan->killed < KILLED_FOR_NS)
		return false;
	if (live)
		live_left(&live->result, orphan->name, allowed ? LEFT_STAYS : LEFT_FORBIDDEN);
	orphans_forget(orphans, orphan->pid);
	drop_orphan(orphans, orphan);
	return true;
}

void orphans_kill(struct orphans *orphans, struct live *live)
{
	for (size_t i = 0; i < orphans->nr;)
		if (orphans->items[i].serial != live->serial ||
		    !kill_orphan(orphans, &orphans->items[i], live))
			i++;
}

void orphans_kill_unknown(struct orphans *orphans, const struct live_table *lives)
{
	uint64_t oldest = UINT64_MAX;

	for (size_t i = 0; i < lives->nr; i++)
		if (lives->items[i].phase != LIVE_FREE && lives->items[i].serial < oldest)
			oldest = lives->items[i].serial;
	for (size_t i = 0; i < orphans->nr;)
		if (live_of(lives, orphans->items[i].serial) ||
		    orphans->items[i].newest >= oldest ||
		    !kill_orphan(orphans, &orphans->items[i], NULL))
			i++;
}
