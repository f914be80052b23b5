/*
 * File locks. The only way to learn whether one is free is to take it: for a thread that
 * waits, others try again on its behalf whenever something has changed.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "model/model.h"
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

static int file_lock(struct attempt *attempt, enum rt_op op, bool waits, uintptr_t pc)
{
	int error = 0;

	rt_point(op, (uintptr_t)attempt->fd, 0, pc);
	if (waits)
		error = rt_wait_outside(RT_FD, (uintptr_t)attempt->fd, try_again, attempt, RT_NEVER,
					RT_RESTARTED);
	else
		try_again(attempt);
	rt_outside_changed();
	errno = error ? error : attempt->error;
	return error ? -1 : attempt->rc;
}

// What waits is a cancellation point, except flock().
static int record_lock(struct attempt *attempt, enum rt_op op, bool waits, uintptr_t pc)
{
	if (waits)
		rt_cancel_point(pc);
	return file_lock(attempt, op, waits, pc);
}

static int flock_once(const struct attempt *attempt)
{
	return RT_REAL(flock)(attempt->fd, attempt->what);
}

static int flock_on(int fd, int what, uintptr_t pc)
{
	struct attempt attempt = { .once = flock_once, .fd = fd, .what = what | LOCK_NB };

	const bool disabled = rt_self->cancel_disabled;
	int rc;

	rt_self->cancel_disabled = true;
	rc = file_lock(&attempt, what & LOCK_UN ? RT_OP_UNLOCK : RT_OP_LOCK,
		       !(what & (LOCK_NB | LOCK_UN)), pc);
	rt_self->cancel_disabled = disabled;
	return rc;
}

static int lockf_once(const struct attempt *attempt)
{
	return RT_REAL(lockf)(attempt->fd, attempt->what, attempt->size);
}

static int lockf_on(int fd, int what, off_t size, uintptr_t pc)
{
	const bool waits = what == F_LOCK;
	struct attempt attempt = {
		.once = lockf_once, .fd = fd, .what = waits ? F_TLOCK : what, .size = size
	};

	return record_lock(&attempt, waits ? RT_OP_LOCK : RT_OP_UNLOCK, waits, pc);
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
	const bool waits = what == F_SETLKW || what == F_OFD_SETLKW;
	struct attempt attempt = { .once = fcntl_once,
				   .fd = fd,
				   .what = what == F_SETLKW       ? F_SETLK
					   : what == F_OFD_SETLKW ? F_OFD_SETLK
								  : what,
				   .arg = arg };
	int rc;

	if (!rt_controlled() || !rt_in_program(pc))
		return RT_REAL(fcntl)(fd, what, arg);
	rc = record_lock(&attempt, waits ? RT_OP_LOCK : RT_OP_CALL, waits, pc);
	if (what == F_DUPFD || what == F_DUPFD_CLOEXEC)
		rt_channel_duplicated(fd, rc);
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
