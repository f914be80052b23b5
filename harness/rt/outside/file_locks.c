/*
 * File locks. The only way to learn whether one is free is to take it: for a thread that
 * waits, others try again on its behalf whenever something has changed.
 */
#include "engine/intercept.h"
#include "engine/sched.h"
#include "outside/channels.h"
#include "outside/outside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <unistd.h>

struct attempt {
	int (*once)(const struct attempt *attempt); // -1 with EAGAIN: not free
	int fd, what;
	void *arg;
	off_t size;
	int rc, error;
	bool done;
};

static bool try_again(void *arg)
{
	struct attempt *attempt = arg;

	if (attempt->done)
		return true;
	attempt->rc = attempt->once(attempt);
	attempt->error = errno;
	attempt->done = attempt->rc >= 0 || (errno != EAGAIN && errno != EACCES);
	return attempt->done;
}

static int file_lock(struct attempt *attempt, uintptr_t pc)
{
	rt_point(RT_OP_LOCK, (uintptr_t)attempt->fd, 0, pc);
	rt_wait_outside(RT_FD, (uintptr_t)attempt->fd, try_again, attempt, RT_NEVER);
	rt_progress();
	errno = attempt->error;
	return attempt->rc;
}

static int flock_once(const struct attempt *attempt)
{
	return RT_REAL(flock)(attempt->fd, attempt->what | LOCK_NB);
}

static int flock_on(int fd, int what, uintptr_t pc)
{
	struct attempt attempt = { .once = flock_once, .fd = fd, .what = what };
	int rc;

	if (!(what & (LOCK_NB | LOCK_UN)))
		return file_lock(&attempt, pc);
	rt_point(what & LOCK_UN ? RT_OP_UNLOCK : RT_OP_LOCK, (uintptr_t)fd, 0, pc);
	rc = RT_REAL(flock)(fd, what);
	rt_outside_changed();
	return rc;
}

static int lockf_once(const struct attempt *attempt)
{
	return RT_REAL(lockf)(attempt->fd, F_TLOCK, attempt->size);
}

static int lockf_on(int fd, int what, off_t size, uintptr_t pc)
{
	struct attempt attempt = { .once = lockf_once, .fd = fd, .size = size };
	int rc;

	if (what == F_LOCK)
		return file_lock(&attempt, pc);
	rt_point(RT_OP_UNLOCK, (uintptr_t)fd, 0, pc);
	rc = RT_REAL(lockf)(fd, what, size);
	rt_outside_changed();
	return rc;
}

INTERCEPT_OWN(int, flock, (int fd, int what), flock_on(fd, what, RT_PC()), fd, what)
INTERCEPT_OWN(int, lockf, (int fd, int what, off_t size), lockf_on(fd, what, size, RT_PC()), fd,
	      what, size)

static int fcntl_once(const struct attempt *attempt)
{
	return RT_REAL(fcntl)(attempt->fd, attempt->what, attempt->arg);
}

static int fcntl_from(int fd, int what, void *arg, uintptr_t pc)
{
	struct attempt attempt = { .once = fcntl_once, .fd = fd, .arg = arg };
	int rc;

	if (!rt_controlled() || !rt_in_program(pc))
		return RT_REAL(fcntl)(fd, what, arg);
	if (what == F_SETLKW || what == F_OFD_SETLKW) {
		attempt.what = what == F_SETLKW ? F_SETLK : F_OFD_SETLK;
		return file_lock(&attempt, pc);
	}
	rt_point(RT_OP_CALL, (uintptr_t)fd, 0, pc);
	rc = RT_REAL(fcntl)(fd, what, arg);
	if (what == F_DUPFD || what == F_DUPFD_CLOEXEC)
		rt_channel_duplicated(fd, rc);
	rt_outside_changed();
	return rc;
}

#define FCNTL(name)                                                                                \
	RT_EXPORT int name(int fd, int what, ...)                                                  \
	{                                                                                          \
		va_list list;                                                                      \
		void *arg;                                                                         \
                                                                                                   \
		va_start(list, what);                                                              \
		arg = va_arg(list, void *);                                                        \
		va_end(list);                                                                      \
		return fcntl_from(fd, what, arg, RT_PC());                                         \
	}

FCNTL(fcntl)
FCNTL(fcntl64)
