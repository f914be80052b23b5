/*
 * Reading and writing descriptors. The kernel does the call; a thread that would have to
 * wait in it is blocked first, so that others can go on. What is done before a write is
 * ordered before what is done after the read, channels.c.
 */
#include "core/intercept.h"
#include "engine/sched.h"
#include "hb/report.h"
#include "hb/shadow.h"
#include "outside/channels.h"
#include "outside/outside.h"
#include "outside/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <unistd.h>

// A thread that finds nothing to read makes no progress.
static ssize_t after_reading(int fd, ssize_t result)
{
	if (result < 0)
		return result;
	rt_channel_read(fd);
	rt_outside_changed();
	return result;
}

static void before_writing(int fd)
{
	rt_channel_write(fd, NULL, 0);
}

static ssize_t end_call(int fd, int used, ssize_t result)
{
	const int error = errno;

	if (used != fd)
		RT_REAL(close)(used);
	if (result < 0 && error == EPIPE)
		rt_signals_pull(true);
	errno = error;
	return result;
}

/*
 * A call that may wait. `used` is the number to make it on: another one when the program has
 * closed its own meanwhile. False: it is not made, and errno says why.
 */
static bool begin_call(int fd, short events, int *used, uintptr_t pc)
{
	int error;

	rt_point(RT_OP_CALL, (uintptr_t)fd, 0, pc);
	rt_cancel_point(pc);
	*used = fd;
	error = rt_wait_blocking_fd(used, events);
	if (!error)
		return true;
	end_call(fd, *used, -1);
	errno = error;
	return false;
}

/* Reading: `result` bytes lie in `to` afterwards. */

static bool is_random_device(int fd)
{
	enum { MEMORY_DEVICES = 1, RANDOM = 8, URANDOM = 9 };
	struct stat st;

	return !fstat(fd, &st) && S_ISCHR(st.st_mode) && major(st.st_rdev) == MEMORY_DEVICES &&
	       (minor(st.st_rdev) == RANDOM || minor(st.st_rdev) == URANDOM);
}

// `result` bytes lie in `to` now.
static ssize_t after_reading_into(int fd, const void *to, ssize_t result, uintptr_t pc)
{
	if (result > 0)
		rt_access_range(to, (size_t)result, RT_OP_WRITE, pc);
	return after_reading(fd, result);
}

// What is pending may be another thread's.
static ssize_t read_signals(int fd, void *to, size_t size, uintptr_t pc)
{
	ssize_t result;

	while ((result = rt_signalfd_read(fd, to, size)) < 0 && errno == EAGAIN &&
	       rt_fd_may_block(fd))
		rt_yield(pc);
	return result;
}

static ssize_t read_from(int fd, void *to, size_t size, uintptr_t pc)
{
	ssize_t result;
	int used;

	if (!begin_call(fd, POLLIN, &used, pc))
		return -1;
	result =
		rt_is_signalfd(fd) ? read_signals(fd, to, size, pc) : RT_REAL(read)(used, to, size);
	if (result > 0 && is_random_device(used))
		rt_fill_randomly(to, (size_t)result);
	return end_call(fd, used, after_reading_into(used, to, result, pc));
}

static ssize_t readv_from(int fd, const struct iovec *parts, int nr, uintptr_t pc)
{
	ssize_t result;
	int used;

	if (!begin_call(fd, POLLIN, &used, pc))
		return -1;
	result = RT_REAL(readv)(used, parts, nr);
	for (int i = 0; result > 0 && i < nr; i++)
		rt_access_range(parts[i].iov_base, parts[i].iov_len, RT_OP_WRITE, pc);
	return end_call(fd, used, after_reading(used, result));
}

static ssize_t receive(int fd, void *to, size_t size, int flags, struct sockaddr *address,
		       socklen_t *length, uintptr_t pc)
{
	ssize_t result;
	int used;

	if (!begin_call(fd, flags & MSG_DONTWAIT ? 0 : POLLIN, &used, pc))
		return -1;
	result = RT_REAL(recvfrom)(used, to, size, flags, address, length);
	return end_call(fd, used, after_reading_into(used, to, result, pc));
}

static ssize_t receive_message(int fd, struct msghdr *message, int flags, uintptr_t pc)
{
	int used;

	if (!begin_call(fd, flags & MSG_DONTWAIT ? 0 : POLLIN, &used, pc))
		return -1;
	return end_call(fd, used, after_reading(used, RT_REAL(recvmsg)(used, message, flags)));
}

static int accept_from(int fd, struct sockaddr *restrict address, socklen_t *restrict length,
		       int flags, uintptr_t pc)
{
	int used, made;

	if (!begin_call(fd, POLLIN, &used, pc))
		return -1;
	made = (int)after_reading(used, RT_REAL(accept4)(used, address, length, flags));
	if (made >= 0)
		rt_channel_accepted(used, made);
	return (int)end_call(fd, used, made);
}

static int read_eventfd(int fd, eventfd_t *value, uintptr_t pc)
{
	return read_from(fd, value, sizeof(*value), pc) == sizeof(*value) ? 0 : -1;
}

INTERCEPT_OWN(ssize_t, read, (int fd, void *to, size_t size), read_from(fd, to, size, RT_PC()), fd,
	      to, size)
INTERCEPT_OWN(ssize_t, readv, (int fd, const struct iovec *parts, int nr),
	      readv_from(fd, parts, nr, RT_PC()), fd, parts, nr)
INTERCEPT_OWN(ssize_t, recv, (int fd, void *to, size_t size, int flags),
	      receive(fd, to, size, flags, NULL, NULL, RT_PC()), fd, to, size, flags)
INTERCEPT_OWN(ssize_t, recvfrom,
	      (int fd, void *restrict to, size_t size, int flags, struct sockaddr *restrict address,
	       socklen_t *restrict length),
	      receive(fd, to, size, flags, address, length, RT_PC()), fd, to, size, flags, address,
	      length)
INTERCEPT_OWN(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags),
	      receive_message(fd, message, flags, RT_PC()), fd, message, flags)
INTERCEPT_OWN(int, accept, (int fd, struct sockaddr *restrict address, socklen_t *restrict length),
	      accept_from(fd, address, length, 0, RT_PC()), fd, address, length)
INTERCEPT_OWN(int, accept4,
	      (int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags),
	      accept_from(fd, address, length, flags, RT_PC()), fd, address, length, flags)
INTERCEPT_OWN(int, eventfd_read, (int fd, eventfd_t *value), read_eventfd(fd, value, RT_PC()), fd,
	      value)

/*
 * Writing. What may be written without waiting is a page at a time; a longer
 * piece is written in several, as the kernel does, when the descriptor may block.
 */
static ssize_t write_in_pieces(int fd, const char *from, size_t size, uintptr_t pc)
{
	size_t done = 0;

	do {
		size_t piece = size - done;
		struct stat st;
		ssize_t n;
		int used;

		if (piece > PIPE_BUF && !fstat(fd, &st) && !S_ISREG(st.st_mode))
			piece = PIPE_BUF;
		if (!begin_call(fd, POLLOUT, &used, pc))
			return done ? (ssize_t)done : -1;
		rt_access_range(from + done, piece, RT_OP_READ, pc);
		before_writing(used);
		n = end_call(fd, used, RT_REAL(write)(used, from + done, piece));
		if (n < 0)
			return done ? (ssize_t)done : n;
		rt_outside_changed();
		done += (size_t)n;
		if ((size_t)n < piece)
			break;
	} while (done < size);
	return (ssize_t)done;
}

// A message of more than what surely has room may wait in the kernel, and all threads with it.
static void name_if_large(const char *name, int fd, const struct iovec *parts, size_t nr,
			  uintptr_t pc)
{
	size_t size = 0;
	struct stat st;

	for (size_t i = 0; i < nr; i++)
		size += parts[i].iov_len;
	if (size > PIPE_BUF && rt_fd_may_block(fd) && !fstat(fd, &st) && !S_ISREG(st.st_mode))
		rt_report_uncontrolled(name, pc);
}

static ssize_t writev_to(int fd, const struct iovec *parts, int nr, uintptr_t pc)
{
	ssize_t result;
	int used;

	if (!begin_call(fd, POLLOUT, &used, pc))
		return -1;
	name_if_large("writev() of more than a page", used, parts, nr < 0 ? 0 : (size_t)nr, pc);
	for (int i = 0; i < nr; i++)
		rt_access_range(parts[i].iov_base, parts[i].iov_len, RT_OP_READ, pc);
	before_writing(used);
	result = RT_REAL(writev)(used, parts, nr);
	rt_outside_changed();
	return end_call(fd, used, result);
}

// What somebody may wait for has changed, unless the call failed.
static long after_change(long result)
{
	if (result >= 0)
		rt_outside_changed();
	return result;
}

/*
 * What a stream socket has no room for is sent later: others, which may be the readers, go
 * on in between.
 */
static ssize_t send_in_pieces(int fd, const char *from, size_t size, int flags,
			      const struct sockaddr *address, socklen_t length, uintptr_t pc)
{
	const bool waits = !(flags & MSG_DONTWAIT) && rt_fd_may_block(fd);
	size_t done = 0;

	do {
		ssize_t n;
		int used;

		if (!begin_call(fd, waits ? POLLOUT : 0, &used, pc))
			return done ? (ssize_t)done : -1;
		rt_access_range(from + done, size - done, RT_OP_READ, pc);
		rt_channel_write(used, address, length);
		n = RT_REAL(sendto)(used, from + done, size - done, flags | MSG_DONTWAIT, address,
				    length);
		end_call(fd, used, n);
		if (n < 0 && errno == EAGAIN && waits) {
			rt_yield(pc);
			continue;
		}
		if (n < 0)
			return done ? (ssize_t)done : n;
		rt_outside_changed();
		done += (size_t)n;
	} while (waits && done < size);
	return (ssize_t)done;
}

static ssize_t send_message(int fd, const struct msghdr *message, int flags, uintptr_t pc)
{
	int used;

	if (!begin_call(fd, flags & MSG_DONTWAIT ? 0 : POLLOUT, &used, pc))
		return -1;
	name_if_large("sendmsg() of more than a page", used, message->msg_iov, message->msg_iovlen,
		      pc);
	rt_channel_write(used, message->msg_name, message->msg_namelen);
	return end_call(fd, used, after_change(RT_REAL(sendmsg)(used, message, flags)));
}

// The descriptor is made one that does not wait, as long as we wait for it.
static int connect_waiting(int fd, const struct sockaddr *address, socklen_t length, uintptr_t pc)
{
	int flags = fcntl(fd, F_GETFL), rc, error = 0, used = fd;
	socklen_t size = sizeof(error);

	if (!rt_fd_may_block(fd))
		return RT_REAL(connect)(fd, address, length);
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while ((rc = RT_REAL(connect)(fd, address, length)) && errno == EAGAIN)
		rt_yield(pc); // the listener's queue is full
	if (rc && errno == EINPROGRESS) {
		error = rt_wait_fd(&used, POLLOUT, RT_NEVER, RT_RESTARTED);
		rc = error ? 0 : getsockopt(used, SOL_SOCKET, SO_ERROR, &error, &size);
		if (!rc && error) {
			errno = error;
			rc = -1;
		}
	}
	error = errno;
	fcntl(used, F_SETFL, flags);
	errno = error;
	return (int)end_call(fd, used, rc);
}

static int connect_to(int fd, const struct sockaddr *address, socklen_t length, uintptr_t pc)
{
	int rc;

	rt_point(RT_OP_CALL, (uintptr_t)fd, 0, pc);
	rt_cancel_point(pc);
	rt_channel_write(fd, address, length);
	rc = connect_waiting(fd, address, length, pc);
	if (!rc || errno == EINPROGRESS)
		rt_channel_connected(fd);
	rt_outside_changed();
	return rc;
}

static int write_eventfd(int fd, eventfd_t value, uintptr_t pc)
{
	return write_in_pieces(fd, (const char *)&value, sizeof(value), pc) == sizeof(value) ? 0
											     : -1;
}

INTERCEPT_OWN(ssize_t, write, (int fd, const void *from, size_t size),
	      write_in_pieces(fd, from, size, RT_PC()), fd, from, size)
INTERCEPT_OWN(ssize_t, writev, (int fd, const struct iovec *parts, int nr),
	      writev_to(fd, parts, nr, RT_PC()), fd, parts, nr)
INTERCEPT_OWN(ssize_t, send, (int fd, const void *from, size_t size, int flags),
	      send_in_pieces(fd, from, size, flags, NULL, 0, RT_PC()), fd, from, size, flags)
INTERCEPT_OWN(ssize_t, sendto,
	      (int fd, const void *from, size_t size, int flags, const struct sockaddr *address,
	       socklen_t length),
	      send_in_pieces(fd, from, size, flags, address, length, RT_PC()), fd, from, size,
	      flags, address, length)
INTERCEPT_OWN(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags),
	      send_message(fd, message, flags, RT_PC()), fd, message, flags)
INTERCEPT_OWN(int, connect, (int fd, const struct sockaddr *address, socklen_t length),
	      connect_to(fd, address, length, RT_PC()), fd, address, length)
INTERCEPT_OWN(int, eventfd_write, (int fd, eventfd_t value), write_eventfd(fd, value, RT_PC()), fd,
	      value)

/* What others may wait for as well */

#define CHANGES(ret, name, params, before, after, ...)                                             \
	INTERCEPT_OWN(ret, name, params, ({                                                        \
			      ret result;                                                          \
                                                                                                   \
			      rt_point(RT_OP_CALL, (uintptr_t)fd, 0, RT_PC());                     \
			      before;                                                              \
			      result = (ret)after_change(RT_REAL(name)(__VA_ARGS__));              \
			      if (result >= 0)                                                     \
				      after;                                                       \
			      result;                                                              \
		      }),                                                                          \
		      __VA_ARGS__)

// Whoever waits for it has a hold of what it stands for, and waits on.
static void before_closing(int fd, uintptr_t pc)
{
	rt_cancel_point(pc);
	rt_timer_closed(fd);
	rt_signalfd_closed(fd);
	before_writing(fd);
	rt_keep_for_waiters(fd);
}

int rt_close(int fd, uintptr_t pc)
{
	int rc;

	rt_point(RT_OP_CALL, (uintptr_t)fd, 0, pc);
	before_closing(fd, pc);
	rc = (int)after_change(RT_REAL(close)(fd));
	if (!rc)
		rt_channel_closed(fd);
	return rc;
}

INTERCEPT_OWN(int, close, (int fd), rt_close(fd, RT_PC()), fd)
CHANGES(int, shutdown, (int fd, int how), before_writing(fd), (void)0, fd, how)
CHANGES(int, dup, (int fd), (void)0, rt_channel_duplicated(fd, result), fd)
CHANGES(int, dup2, (int from, int fd), rt_keep_for_waiters(fd), rt_channel_duplicated(from, fd),
	from, fd)
CHANGES(int, dup3, (int from, int fd, int flags), rt_keep_for_waiters(fd),
	rt_channel_duplicated(from, fd), from, fd, flags)
CHANGES(ssize_t, pread, (int fd, void *to, size_t size, off_t offset), rt_cancel_point(RT_PC()),
	(void)0, fd, to, size, offset)
CHANGES(ssize_t, pwrite, (int fd, const void *from, size_t size, off_t offset),
	rt_cancel_point(RT_PC()), (void)0, fd, from, size, offset)
CHANGES(int, fsync, (int fd), rt_cancel_point(RT_PC()), (void)0, fd)
CHANGES(int, fdatasync, (int fd), rt_cancel_point(RT_PC()), (void)0, fd)
CHANGES(off_t, lseek, (int fd, off_t offset, int whence), (void)0, (void)0, fd, offset, whence)
CHANGES(int, ftruncate, (int fd, off_t size), (void)0, (void)0, fd, size)

static int make_pair(int domain, int type, int protocol, int fds[2], uintptr_t pc)
{
	int rc;

	rt_point(RT_OP_CALL, 0, 0, pc);
	rc = RT_REAL(socketpair)(domain, type, protocol, fds);
	if (!rc)
		rt_channel_pair(fds[0], fds[1]);
	return rc;
}

INTERCEPT_OWN(int, socketpair, (int domain, int type, int protocol, int fds[2]),
	      make_pair(domain, type, protocol, fds, RT_PC()), domain, type, protocol, fds)
