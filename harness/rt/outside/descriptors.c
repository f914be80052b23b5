/*
 * Reading and writing descriptors. The call itself is the kernel's; a thread that
 * would have to wait in it is blocked first, so that others can go on. Pipes,
 * sockets and event counters order what was done before a write and what is done
 * after the read; files do not.
 */
#include "engine/object.h"
#include "engine/real.h"
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

#define OURS() (rt_controlled() && rt_in_program(RT_PC()))

enum { CHECKED = 1 << 20 };

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

// Who only finds that there is nothing makes no progress.
static void after_reading(int fd, ssize_t result)
{
	struct rt_object *order;
	int error = errno;

	if (result < 0)
		return;
	order = order_of(fd);
	if (order)
		rt_acquire(order->clock);
	errno = error;
	rt_outside_changed();
}

static void before_writing(int fd)
{
	struct rt_object *order = order_of(fd);

	if (order)
		rt_release(&order->clock);
}

static void touches(const void *memory, size_t size, enum rt_op op, uintptr_t pc)
{
	rt_access((uintptr_t)memory, size < CHECKED ? (unsigned)size : CHECKED, op, pc);
}

static void begin(int fd, short events, uintptr_t pc)
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

#define READS(name, parameters, ...)                                                               \
	RT_EXPORT ssize_t name parameters                                                          \
	{                                                                                          \
		ssize_t result;                                                                    \
                                                                                                   \
		if (!OURS())                                                                       \
			return RT_REAL(name)(__VA_ARGS__);                                         \
		begin(fd, POLLIN, RT_PC());                                                        \
		result = RT_REAL(name)(__VA_ARGS__);                                               \
		if (result > 0)                                                                    \
			touches(to, (size_t)result, RT_OP_WRITE, RT_PC());                         \
		after_reading(fd, result);                                                         \
		return result;                                                                     \
	}

READS(recv, (int fd, void *to, size_t size, int flags), fd, to, size, flags)
READS(recvfrom,
      (int fd, void *restrict to, size_t size, int flags, struct sockaddr *restrict address,
       socklen_t *restrict length),
      fd, to, size, flags, address, length)

RT_EXPORT ssize_t read(int fd, void *to, size_t size)
{
	ssize_t result;

	if (!OURS())
		return RT_REAL(read)(fd, to, size);
	begin(fd, POLLIN, RT_PC());
	result = RT_REAL(read)(fd, to, size);
	if (result > 0 && is_random_device(fd))
		rt_fill_randomly(to, (size_t)result);
	if (result > 0)
		touches(to, (size_t)result, RT_OP_WRITE, RT_PC());
	after_reading(fd, result);
	return result;
}

RT_EXPORT ssize_t readv(int fd, const struct iovec *parts, int nr)
{
	ssize_t result;

	if (!OURS())
		return RT_REAL(readv)(fd, parts, nr);
	begin(fd, POLLIN, RT_PC());
	result = RT_REAL(readv)(fd, parts, nr);
	for (int i = 0; result > 0 && i < nr; i++)
		touches(parts[i].iov_base, parts[i].iov_len, RT_OP_WRITE, RT_PC());
	after_reading(fd, result);
	return result;
}

RT_EXPORT ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	ssize_t result;

	if (!OURS())
		return RT_REAL(recvmsg)(fd, message, flags);
	begin(fd, POLLIN, RT_PC());
	result = RT_REAL(recvmsg)(fd, message, flags);
	after_reading(fd, result);
	return result;
}

static int accept_from(int fd, struct sockaddr *restrict address, socklen_t *restrict length,
		       int flags, uintptr_t pc)
{
	int result;

	begin(fd, POLLIN, pc);
	result = RT_REAL(accept4)(fd, address, length, flags);
	after_reading(fd, result);
	return result;
}

RT_EXPORT int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
	return OURS() ? accept_from(fd, address, length, 0, RT_PC())
		      : RT_REAL(accept)(fd, address, length);
}

RT_EXPORT int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length,
		      int flags)
{
	return OURS() ? accept_from(fd, address, length, flags, RT_PC())
		      : RT_REAL(accept4)(fd, address, length, flags);
}

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
		begin(fd, POLLOUT, pc);
		touches(from + done, piece, RT_OP_READ, pc);
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

RT_EXPORT ssize_t write(int fd, const void *from, size_t size)
{
	return OURS() ? write_in_pieces(fd, from, size, RT_PC()) : RT_REAL(write)(fd, from, size);
}

static bool may_wait(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && !(flags & O_NONBLOCK);
}

// A message of more than what surely has room may wait in the kernel, and all threads with it.
static void name_if_large(const char *name, int fd, const struct iovec *parts, size_t nr,
			  uintptr_t pc)
{
	size_t size = 0;
	struct stat st;

	for (size_t i = 0; i < nr; i++)
		size += parts[i].iov_len;
	if (size > PIPE_BUF && may_wait(fd) && !fstat(fd, &st) && !S_ISREG(st.st_mode))
		rt_report_uncontrolled(name, pc);
}

RT_EXPORT ssize_t writev(int fd, const struct iovec *parts, int nr)
{
	ssize_t result;

	if (!OURS())
		return RT_REAL(writev)(fd, parts, nr);
	begin(fd, POLLOUT, RT_PC());
	name_if_large("writev() of more than a page", fd, parts, nr < 0 ? 0 : (size_t)nr, RT_PC());
	for (int i = 0; i < nr; i++)
		touches(parts[i].iov_base, parts[i].iov_len, RT_OP_READ, RT_PC());
	before_writing(fd);
	result = RT_REAL(writev)(fd, parts, nr);
	rt_outside_changed();
	return result;
}

#define SENDS(name, note, parameters, ...)                                                         \
	RT_EXPORT ssize_t name parameters                                                          \
	{                                                                                          \
		ssize_t result;                                                                    \
                                                                                                   \
		if (!OURS())                                                                       \
			return RT_REAL(name)(__VA_ARGS__);                                         \
		begin(fd, POLLOUT, RT_PC());                                                       \
		note;                                                                              \
		before_writing(fd);                                                                \
		result = RT_REAL(name)(__VA_ARGS__);                                               \
		if (result >= 0)                                                                   \
			rt_outside_changed();                                                      \
		return result;                                                                     \
	}

/*
 * What a stream socket has no room for is sent when there is: others, who may be the
 * ones that read, go on in between.
 */
static ssize_t send_in_pieces(int fd, const char *from, size_t size, int flags,
			      const struct sockaddr *address, socklen_t length, uintptr_t pc)
{
	const bool waits = !(flags & MSG_DONTWAIT) && may_wait(fd);
	size_t done = 0;

	do {
		ssize_t n;

		begin(fd, POLLOUT, pc);
		touches(from + done, size - done, RT_OP_READ, pc);
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

RT_EXPORT ssize_t send(int fd, const void *from, size_t size, int flags)
{
	return OURS() ? send_in_pieces(fd, from, size, flags, NULL, 0, RT_PC())
		      : RT_REAL(send)(fd, from, size, flags);
}

RT_EXPORT ssize_t sendto(int fd, const void *from, size_t size, int flags,
			 const struct sockaddr *address, socklen_t length)
{
	return OURS() ? send_in_pieces(fd, from, size, flags, address, length, RT_PC())
		      : RT_REAL(sendto)(fd, from, size, flags, address, length);
}

SENDS(sendmsg,
      name_if_large("sendmsg() of more than a page", fd, message->msg_iov, message->msg_iovlen,
		    RT_PC()),
      (int fd, const struct msghdr *message, int flags), fd, message, flags)

// The descriptor is made one that does not wait, as long as we wait for it.
static int connect_to(int fd, const struct sockaddr *address, socklen_t length, uintptr_t pc)
{
	int flags = fcntl(fd, F_GETFL), rc, error = 0;
	socklen_t size = sizeof(error);

	if (!may_wait(fd))
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

RT_EXPORT int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	int rc;

	if (!OURS())
		return RT_REAL(connect)(fd, address, length);
	rt_point(RT_OP_CALL, (uintptr_t)fd, 0, RT_PC());
	before_writing(fd);
	rc = connect_to(fd, address, length, RT_PC());
	rt_outside_changed();
	return rc;
}

RT_EXPORT int eventfd_read(int fd, eventfd_t *value)
{
	ssize_t n;

	if (!OURS())
		return RT_REAL(eventfd_read)(fd, value);
	begin(fd, POLLIN, RT_PC());
	n = RT_REAL(read)(fd, value, sizeof(*value));
	after_reading(fd, n);
	return n == sizeof(*value) ? 0 : -1;
}

RT_EXPORT int eventfd_write(int fd, eventfd_t value)
{
	return OURS() ? (write_in_pieces(fd, (const char *)&value, sizeof(value), RT_PC()) ==
					 sizeof(value)
				 ? 0
				 : -1)
		      : RT_REAL(eventfd_write)(fd, value);
}

/* What others may wait for as well */

#define CHANGES(returned, name, note, parameters, ...)                                             \
	RT_EXPORT returned name parameters                                                         \
	{                                                                                          \
		returned result;                                                                   \
                                                                                                   \
		if (!OURS())                                                                       \
			return RT_REAL(name)(__VA_ARGS__);                                         \
		rt_point(RT_OP_CALL, (uintptr_t)fd, 0, RT_PC());                                   \
		note;                                                                              \
		result = RT_REAL(name)(__VA_ARGS__);                                               \
		if (result >= 0)                                                                   \
			rt_outside_changed();                                                      \
		return result;                                                                     \
	}

CHANGES(int, close, (rt_timer_closed(fd), before_writing(fd)), (int fd), fd)
CHANGES(int, shutdown, before_writing(fd), (int fd, int how), fd, how)
CHANGES(int, dup2, (void)0, (int from, int fd), from, fd)
CHANGES(int, dup3, (void)0, (int from, int fd, int flags), from, fd, flags)
CHANGES(ssize_t, pread, (void)0, (int fd, void *to, size_t size, off_t offset), fd, to, size,
	offset)
CHANGES(ssize_t, pwrite, (void)0, (int fd, const void *from, size_t size, off_t offset), fd, from,
	size, offset)
CHANGES(off_t, lseek, (void)0, (int fd, off_t offset, int whence), fd, offset, whence)
CHANGES(int, ftruncate, (void)0, (int fd, off_t size), fd, size)
