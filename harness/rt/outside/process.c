/*
 * Processes. A forked child is not controlled: it calls the C library's own functions,
 * locks are as they were, and its output goes to its descriptors only. The parent stays
 * under control and waits for it as for a descriptor.
 *
 * Process ids differ from iteration to iteration, so the program sees others: a fixed one
 * for itself, and numbered ones for its children, larger than any id of the kernel.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "outside/outside.h"
#include "outside/signals.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_CHILDREN = 512, OWN_ID = 5000000, CHILD_IDS = 1000 };

static RT_COLD_STATE struct {
	pid_t own, shown_own, parent, shown_parent; // own 0: ids are shown as they are
	pid_t explorer;                             // which forks the iterations
	pid_t child_ids;                            // between a child's ids and the next one's
	pid_t children[MAX_CHILDREN];
	unsigned nr_children;
} ids;

RT_ITERATION_STATE bool rt_is_child;

static void know_own_ids(void)
{
	if (ids.own || !rt_controlled())
		return;
	ids.own = RT_REAL(getpid)();
	ids.shown_own = OWN_ID;
	ids.parent = ids.explorer = RT_REAL(getppid)();
	ids.shown_parent = OWN_ID - 1;
	ids.child_ids = CHILD_IDS;
}

static pid_t shown_child(unsigned index)
{
	return ids.shown_own + (pid_t)(index + 1) * ids.child_ids;
}

int rt_real_pid(int pid)
{
	know_own_ids();
	if (pid < -1)
		return -rt_real_pid(-pid);
	if (!ids.own || pid < OWN_ID - 1)
		return pid;
	if (pid == ids.shown_own)
		return ids.own;
	if (pid == ids.shown_parent)
		return ids.parent;
	for (unsigned i = 0; i < ids.nr_children; i++)
		if (shown_child(i) == pid)
			return ids.children[i];
	return pid;
}

int rt_shown_pid(int pid)
{
	know_own_ids();
	if (!ids.own || pid <= 0)
		return pid;
	if (pid == ids.own)
		return ids.shown_own;
	if (pid == ids.parent)
		return ids.shown_parent;
	for (unsigned i = 0; i < ids.nr_children; i++)
		if (ids.children[i] == pid)
			return shown_child(i);
	return pid;
}

int rt_new_child(int pid)
{
	if (!ids.own || ids.nr_children == MAX_CHILDREN || !ids.child_ids)
		return pid;
	ids.children[ids.nr_children] = pid;
	return shown_child(ids.nr_children++);
}

REPLACE(pid_t, getpid, (void), rt_shown_pid(RT_REAL(getpid)()))
REPLACE(pid_t, getppid, (void), rt_shown_pid(RT_REAL(getppid)()))
REPLACE(pid_t, gettid, (void),
	rt_controlled() ? OWN_ID + rt_self->id : rt_shown_pid(RT_REAL(gettid)()))

/* Fork */

static void announce_processes(void)
{
	if (!rt_controlled())
		return;
	know_own_ids();
	rt_iteration.processes = true;
	rt_shared->result.processes = true;
}

// Locks are modelled; in the child they are real, and held by the threads that held them.
static void make_mutex_real(struct rt_object *object)
{
	enum { SHARED_BIT = 128 };
	pthread_mutex_t *mutex = (pthread_mutex_t *)object->address;

	if (object->owner < 0 || mutex->__data.__kind & SHARED_BIT ||
	    RT_REAL(pthread_mutex_trylock)(mutex))
		return;
	for (uint32_t i = 1; object->owner == rt_self->id && i < object->count; i++)
		RT_REAL(pthread_mutex_trylock)(mutex);
	if (object->owner != rt_self->id)
		mutex->__data.__owner = 1; // a thread that is not in the child
}

static void make_rwlock_real(struct rt_object *object)
{
	pthread_rwlock_t *lock = (pthread_rwlock_t *)object->address;

	if (lock->__data.__shared)
		return;
	if (object->owner >= 0)
		RT_REAL(pthread_rwlock_trywrlock)(lock);
	for (uint32_t i = 0; i < object->count; i++)
		RT_REAL(pthread_rwlock_tryrdlock)(lock);
}

static void child_begins(void)
{
	uint64_t base;

	if (!rt_self)
		return;
	if (rt_controlled()) {
		rt_signals_lend();
		rt_iteration.controlled = false;
		rt_object_each(RT_MUTEX, make_mutex_real);
		rt_object_each(RT_RWLOCK, make_rwlock_real);
	}
	rt_self = NULL;
	base = rt_shared->base;
	if (mmap(rt_shared, sizeof(*rt_shared), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) == MAP_FAILED)
		_exit(3);
	rt_shared->base = base;
	rt_is_child = true;
	ids.parent = ids.own;
	ids.shown_parent = ids.shown_own;
	ids.own = RT_REAL(getpid)();
	ids.shown_own = shown_child(ids.nr_children);
	ids.child_ids /= 10;
	ids.nr_children = 0;
}

// Before the handlers of the program, which are called in this order.
__attribute__((constructor(101))) static void follow_forks(void)
{
	if (getenv(RT_ENV))
		pthread_atfork(announce_processes, NULL, child_begins);
}

static pid_t fork_from(uintptr_t pc)
{
	pid_t pid;

	if (rt_controlled() && rt_in_program(pc)) {
		announce_processes();
		rt_point(RT_OP_CREATE, 0, 0, pc);
		rt_progress();
	}
	pid = RT_REAL(fork)();
	return pid > 0 ? rt_new_child(pid) : pid;
}

REPLACE(pid_t, fork, (void), fork_from(RT_PC()))
// One that borrows its parent's memory would return through a function that has returned.
REPLACE(pid_t, vfork, (void), fork_from(RT_PC()))

/* Waiting */

struct child {
	idtype_t type;
	id_t id;
	int options;
};

// A wait that is to fail does so at once.
static bool child_ready(void *arg)
{
	const struct child *child = arg;
	siginfo_t info = { .si_pid = 0 };

	return RT_REAL(waitid)(child->type, child->id, &info,
			       child->options | WEXITED | WNOHANG | WNOWAIT) ||
	       info.si_pid;
}

// False, and errno: a signal has ended the wait.
static bool wait_for_child(idtype_t type, id_t id, int options, uintptr_t pc)
{
	struct child child = { type, id, options & (WSTOPPED | WCONTINUED | __WALL | __WCLONE) };
	int error = 0;

	rt_point(RT_OP_WAIT, 0, 0, pc);
	rt_cancel_point(pc);
	if (options & WNOHANG) // a poll sees what the child does by itself
		for (int naps = 0; naps < 500 && !child_ready(&child) && rt_children_busy(); naps++)
			RT_REAL(usleep)(100);
	else
		error = rt_wait_outside(RT_CHILD, (uintptr_t)rt_shown_pid((int)id), child_ready,
					&child, RT_NEVER, RT_RESTARTED);
	rt_progress();
	if (error)
		errno = error;
	return !error;
}

static pid_t wait_from(pid_t pid, int *status, int options, struct rusage *usage, uintptr_t pc)
{
	pid = rt_real_pid(pid);
	if (rt_controlled() && rt_in_program(pc) &&
	    !wait_for_child(pid == -1 ? P_ALL
			    : pid > 0 ? P_PID
				      : P_PGID,
			    pid > 0    ? (id_t)pid
			    : pid < -1 ? (id_t)-pid
			    : pid      ? 0
				       : (id_t)getpgrp(),
			    options, pc))
		return -1;
	return rt_shown_pid(RT_REAL(wait4)(pid, status, options, usage));
}

static int waitid_from(idtype_t type, id_t id, siginfo_t *info, int options, uintptr_t pc)
{
	int rc;

	if (type == P_PID)
		id = (id_t)rt_real_pid((int)id);
	if (rt_controlled() && rt_in_program(pc) &&
	    !wait_for_child(type, id, options & ~(WEXITED | WNOWAIT), pc))
		return -1;
	rc = RT_REAL(waitid)(type, id, info, options);
	if (!rc && info)
		info->si_pid = rt_shown_pid(info->si_pid);
	return rc;
}

REPLACE(pid_t, wait4, (pid_t pid, int *status, int options, struct rusage *usage),
	wait_from(pid, status, options, usage, RT_PC()))
REPLACE(pid_t, wait3, (int *status, int options, struct rusage *usage),
	wait_from(-1, status, options, usage, RT_PC()))
REPLACE(pid_t, waitpid, (pid_t pid, int *status, int options),
	wait_from(pid, status, options, NULL, RT_PC()))
REPLACE(pid_t, wait, (int *status), wait_from(-1, status, 0, NULL, RT_PC()))
REPLACE(int, waitid, (idtype_t type, id_t id, siginfo_t *info, int options),
	waitid_from(type, id, info, options, RT_PC()))

/* Ids as arguments */

/*
 * Whom the program may send signals: its own group instead of all processes, and
 * the explorer never; to the program it looks like somebody else's.
 */
static int send_signal(pid_t pid, int number, uintptr_t pc)
{
	pid_t to = rt_real_pid(pid);

	if (ids.explorer && number && (to == ids.explorer || to == -ids.explorer)) {
		errno = EPERM;
		return -1;
	}
	if (ids.explorer && pid == -1) {
		rt_report_uncontrolled("kill() of all processes", pc);
		to = 0;
	}
	return RT_REAL(kill)(to, number);
}

// To the own process, none of which gets to the kernel.
static int signal_ourselves(int number)
{
	int error = rt_signal_process(number);

	if (error)
		errno = error;
	return error ? -1 : 0;
}

static int kill_from(pid_t pid, int number, uintptr_t pc)
{
	pid_t group;
	int rc;

	if (!rt_in_program(pc))
		return RT_REAL(kill)(rt_real_pid(pid), number);
	if (!rt_controlled())
		return send_signal(pid, number, pc);
	rt_point(RT_OP_CALL, 0, 0, pc);
	know_own_ids();
	group = rt_real_pid(pid);
	if (group == ids.own || (!rt_iteration.processes && (!group || group == -ids.own)))
		return signal_ourselves(number);
	rc = send_signal(pid, number, pc);
	rt_signals_pull(false);
	rt_outside_changed();
	return rc;
}

REPLACE(int, kill, (pid_t pid, int number), kill_from(pid, number, RT_PC()))
REPLACE(int, killpg, (pid_t group, int number), kill_from(-group, number, RT_PC()))
REPLACE(pid_t, getpgid, (pid_t pid), rt_shown_pid(RT_REAL(getpgid)(rt_real_pid(pid))))
REPLACE(int, setpgid, (pid_t pid, pid_t group),
	RT_REAL(setpgid)(rt_real_pid(pid), rt_real_pid(group)))
REPLACE(int, sched_setaffinity, (pid_t pid, size_t size, const cpu_set_t *set),
	RT_REAL(sched_setaffinity)(rt_real_pid(pid), size, set))
REPLACE(int, sched_getaffinity, (pid_t pid, size_t size, cpu_set_t *set),
	RT_REAL(sched_getaffinity)(rt_real_pid(pid), size, set))
