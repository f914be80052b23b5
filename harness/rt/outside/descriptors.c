/*
 * Reading and writing descriptors. The kernel does the call; a thread that would have to
 * wait in it is blocked first, so that others can go on. Pipes, sockets and event
 * counters order what was done before a write and what is done after the read; files do
 * not.
 */
#include "core/intercept.h"
#include "core/object.h"
#include "engine/sched.h"
#include "hb/clocks.h"
#include "hb/report.h"
#include "hb/shadow.h"
#include "outside/outside.h"

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

/*
 * The order that a descriptor makes. Both ends of a pipe have one inode; the ends
 * of a socket have not, and all sockets are taken for one.
 */
static struct rt_object *order_of(int fd)
{
	const uintptr_t not_memory = (uintptr_t)1 << 62;
	struct stat st;

	if (fstat(fd, &st) || S_ISREG(st.st_mode) || S_ISCHR(st.st_mode))
		return NULL;
	if (S_ISFIFO(st.st_mode))
		return rt_object(not_memory + st.st_ino * 16 + 1, RT_ATOMIC);
	if (S_ISSOCK(st.st_mode))
		return rt_object(not_memory + 2, RT_ATOMIC);
	return rt_object(not_memory + (uintptr_t)fd * 16 + 3, RT_ATOMIC);
}

// A thread that finds nothing to read makes no progress.
static ssize_t after_reading(int fd, ssize_t result)
{
	struct rt_object *order;
	int error = errno;

	if (result < 0)
		return result;
	order = order_of(fd);
	if (order)
		rt_acquire(order->clock);
	errno = error;
	rt_outside_changed();
	return result;
}

static void before_writing(int fd)
{
	struct rt_object *order = order_of(fd);

	if (order)
		rt_release(&order->clock);
}

static void begin_call(int fd, short events, uintptr_t pc)
{
	rt_point(RT_OP_CALL, (uintptr_t)fd, 0, pc);
	rt_wait_blocking_fd(fd, events);
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

static ssize_t read_from(int fd, void *to, size_t size, uintptr_t pc)
{
	ssize_t result;

	begin_call(fd, POLLIN, pc);
	result = RT_REAL(read)(fd, to, size);
	if (result > 0 && is_random_device(fd))
		rt_fill_randomly(to, (size_t)result);
	return after_reading_into(fd, to, result, pc);
}

static ssize_t readv_from(int fd, const struct iovec *parts, int nr, uintptr_t pc)
{
	ssize_t result;

	begin_call(fd, POLLIN, pc);
	result = RT_REAL(readv)(fd, parts, nr);
	for (int i = 0; result > 0 && i < nr; i++)
		rt_access_range(parts[i].iov_base, parts[i].iov_len, RT_OP_WRITE, pc);
	return after_reading(fd, result);
}

static ssize_t receive(int fd, void *to, size_t size, int flags, struct sockaddr *address,
		       socklen_t *length, uintptr_t pc)
{
	begin_call(fd, POLLIN, pc);
	return after_reading_into(fd, to, RT_REAL(recvfrom)(fd, to, size, flags, address, length),
				  pc);
}

static ssize_t receive_message(int fd, struct msghdr *message, int flags, uintptr_t pc)
{
	begin_call(fd, POLLIN, pc);
	return after_reading(fd, RT_REAL(recvmsg)(fd, message, flags));
}

static int accept_from(int fd, struct sockaddr *restrict address, socklen_t *restrict length,
		       int flags, uintptr_t pc)
{
	begin_call(fd, POLLIN, pc);
	return (int)after_reading(fd, RT_REAL(accept4)(fd, address, length, flags));
}

static int read_eventfd(int fd, eventfd_t *value, uintptr_t pc)
{
	begin_call(fd, POLLIN, pc);
	return after_reading(fd, RT_REAL(read)(fd, value, sizeof(*value))) == sizeof(*value) ? 0
											     : -1;
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

		if (piece > PIPE_BUF && !fstat(fd, &st) && !S_ISREG(st.st_mode))
			piece = PIPE_BUF;
		begin_call(fd, POLLOUT, pc);
		rt_access_range(from + done, piece, RT_OP_READ, pc);
		before_writing(fd);
		n = RT_REAL(write)(fd, from + done, piece);
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

	begin_call(fd, POLLOUT, pc);
	name_if_large("writev() of more than a page", fd, parts, nr < 0 ? 0 : (size_t)nr, pc);
	for (int i = 0; i < nr; i++)
		rt_access_range(parts[i].iov_base, parts[i].iov_len, RT_OP_READ, pc);
	before_writing(fd);
	result = RT_REAL(writev)(fd, parts, nr);
	rt_outside_changed();
	return result;
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

		begin_call(fd, POLLOUT, pc);
		rt_access_range(from + done, size - done, RT_OP_READ, pc);
		before_writing(fd);
		n = RT_REAL(sendto)(fd, from + done, size - done, flags | MSG_DONTWAIT, address,
				    length);
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
	begin_call(fd, POLLOUT, pc);
	name_if_large("sendmsg() of more than a page", fd, message->msg_iov, message->msg_iovlen,
		      pc);
	before_writing(fd);
	return after_change(RT_REAL(sendmsg)(fd, message, flags));
}

// The descriptor is made one that does not wait, as long as we wait for it.
static int connect_waiting(int fd, const struct sockaddr *address, socklen_t length, uintptr_t pc)
{
	int flags = fcntl(fd, F_GETFL), rc, error = 0;
	socklen_t size = sizeof(error);

	if (!rt_fd_may_block(fd))
		return RT_REAL(connect)(fd, address, length);
	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while ((rc = RT_REAL(connect)(fd, address, length)) && errno == EAGAIN)
		rt_yield(pc); // the listener's queue is full
	if (rc && errno == EINPROGRESS) {
		rt_wait_fd(fd, POLLOUT, RT_NEVER);
		rc = getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
		if (!rc && error) {
			errno = error;
			rc = -1;
		}
	}
	error = errno;
	fcntl(fd, F_SETFL, flags);
	errno = error;
	return rc;
}

static int connect_to(int fd, const struct sockaddr *address, socklen_t length, uintptr_t pc)
{
	int rc;

	rt_point(RT_OP_CALL, (uintptr_t)fd, 0, pc);
	before_writing(fd);
	rc = connect_waiting(fd, address, length, pc);
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

#define CHANGES(ret, name, params, note, ...)                                                      \
	INTERCEPT_OWN(ret, name, params,                                                           \
		      (rt_point(RT_OP_CALL, (uintptr_t)fd, 0, RT_PC()), note,                      \
		       (ret)after_change(RT_REAL(name)(__VA_ARGS__))),                             \
		      __VA_ARGS__)

CHANGES(int, close, (int fd), (rt_timer_closed(fd), before_writing(fd)), fd)
CHANGES(int, shutdown, (int fd, int how), before_writing(fd), fd, how)
CHANGES(int, dup2, (int from, int fd), (void)0, from, fd)
CHANGES(int, dup3, (int from, int fd, int flags), (void)0, from, fd, flags)
CHANGES(ssize_t, pread, (int fd, void *to, size_t size, off_t offset), (void)0, fd, to, size,
	offset)
CHANGES(ssize_t, pwrite, (int fd, const void *from, size_t size, off_t offset), (void)0, fd, from,
	size, offset)
CHANGES(off_t, lseek, (int fd, off_t offset, int whence), (void)0, fd, offset, whence)
CHANGES(int, ftruncate, (int fd, off_t size), (void)0, fd, size)
