/*
 * The order that descriptors make. What was written to one end is ordered before what is
 * done after reading from the other. Both ends of a pipe have one inode, the ends of a
 * socket have not: which belong together is learnt when they are connected. Each direction
 * of a connected pair has an order of its own. Files make none.
 *
 * A socket whose other end is not known has the order of the name that it sends to; one
 * without a name shares an order with all others of its kind.
 */
#include "outside/channels.h"
#include "core/hash.h"
#include "core/object.h"
#include "core/table.h"
#include "hb/clocks.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_ENDS = 1 << 20, MAX_CONNECTING = 64, MAX_NUMBERS = 1024 };

// What an order is known by: which sort of thing, and which of them.
enum sort { PIPE = 1, INTO_SOCKET, NAME, STRANGERS, NUMBER };

// One end of a socket, known by its inode.
struct end {
	uintptr_t peer;  // inode; 0: not known
	uintptr_t local; // its own name when it was connected
};

static RT_ITERATION_STATE struct rt_table ends;
// Ends that wait in the queue of a local listener, oldest first: they may have no names.
static RT_COLD_STATE struct {
	uintptr_t listener, inode;
} connecting[MAX_CONNECTING];
static RT_ITERATION_STATE unsigned nr_connecting;
// Of a descriptor that was duplicated: the number that its order goes by, plus one.
static RT_COLD_STATE uint16_t duplicates[MAX_NUMBERS];

static struct rt_object *order(enum sort sort, uintptr_t which)
{
	const uintptr_t not_memory = (uintptr_t)1 << 62;

	return rt_object(not_memory + ((which * 16 + sort) & (not_memory - 1)), RT_ATOMIC);
}

static struct end *end_of(uintptr_t inode)
{
	struct end *end;

	if (!ends.size)
		rt_table_begin(&ends);
	if (!rt_table_reserve(&ends, MAX_ENDS, NULL))
		rt_end_limit("room for sockets");
	end = rt_table_slot(&ends, inode)->value;
	if (!end) {
		end = rt_alloc(sizeof(*end));
		rt_table_put(&ends, inode, end);
	}
	return end;
}

static uintptr_t inode_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : st.st_ino;
}

// A listener may have been bound to any address, so that its port has to do. 0: no name.
static uintptr_t name_of(const struct sockaddr *address, socklen_t length, bool whole)
{
	const size_t begins = sizeof(address->sa_family);
	const unsigned char *bytes = (const unsigned char *)address;
	uint64_t hash = RT_FNV;

	if (length <= begins)
		return 0;
	if (!whole && address->sa_family == AF_INET)
		return ((const struct sockaddr_in *)address)->sin_port;
	if (!whole && address->sa_family == AF_INET6)
		return ((const struct sockaddr_in6 *)address)->sin6_port;
	for (size_t i = begins; i < length; i++)
		hash = rt_fnv(hash, bytes[i]);
	return (uintptr_t)hash >> 4 | 1u << 16; // no port
}

static uintptr_t asked_name(int (*ask)(int fd, struct sockaddr *restrict, socklen_t *restrict),
			    int fd, bool whole)
{
	struct sockaddr_storage name = { .ss_family = AF_UNSPEC };
	socklen_t length = sizeof(name);

	return ask(fd, (struct sockaddr *)&name, &length)
		       ? 0
		       : name_of((struct sockaddr *)&name, length, whole);
}

static bool is_local(int fd)
{
	int domain = 0;
	socklen_t size = sizeof(domain);

	return !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) && domain == AF_UNIX;
}

static void pair(uintptr_t one, uintptr_t other)
{
	if (!one || !other)
		return;
	end_of(one)->peer = other;
	end_of(other)->peer = one;
}

void rt_channel_pair(int one, int other)
{
	pair(inode_of(one), inode_of(other));
}

// Others' processes may be in the queue, too: then nothing is learnt.
void rt_channel_connected(int fd)
{
	const int error = errno;
	const uintptr_t inode = inode_of(fd), listener = asked_name(getpeername, fd, false);

	if (listener && is_local(fd) && nr_connecting < MAX_CONNECTING) {
		connecting[nr_connecting].listener = listener;
		connecting[nr_connecting++].inode = inode;
	}
	end_of(inode)->local = asked_name(getsockname, fd, true);
	errno = error;
}

static uintptr_t first_connecting(uintptr_t listener)
{
	for (unsigned i = 0; i < nr_connecting; i++) {
		uintptr_t inode = connecting[i].inode;

		if (connecting[i].listener != listener)
			continue;
		nr_connecting--;
		memmove(&connecting[i], &connecting[i + 1],
			(nr_connecting - i) * sizeof(*connecting));
		return inode;
	}
	return 0;
}

static uintptr_t connected_from(uintptr_t name)
{
	for (unsigned i = 0; name && i < ends.size; i++) {
		const struct end *end = ends.slots[i].value;

		if (end && end->local == name && !end->peer)
			return ends.slots[i].key;
	}
	return 0;
}

void rt_channel_accepted(int listener, int fd)
{
	const int error = errno;
	uintptr_t from;

	from = is_local(fd) ? first_connecting(asked_name(getsockname, listener, false))
			    : connected_from(asked_name(getpeername, fd, true));
	if (!rt_iteration.processes)
		pair(inode_of(fd), from);
	errno = error;
}

static uintptr_t number_of(int fd)
{
	return fd >= 0 && fd < MAX_NUMBERS && duplicates[fd] ? duplicates[fd] - 1u : (uintptr_t)fd;
}

void rt_channel_duplicated(int from, int to)
{
	if (to >= 0 && to < MAX_NUMBERS && from >= 0 && from < MAX_NUMBERS)
		duplicates[to] = (uint16_t)(number_of(from) + 1);
}

void rt_channel_closed(int fd)
{
	if (fd >= 0 && fd < MAX_NUMBERS)
		duplicates[fd] = 0;
}

// Of what is no socket; NULL: it makes none.
static struct rt_object *plain_order(int fd, const struct stat *st)
{
	if (S_ISREG(st->st_mode) || S_ISCHR(st->st_mode))
		return NULL;
	return S_ISFIFO(st->st_mode) ? order(PIPE, st->st_ino) : order(NUMBER, number_of(fd));
}

static struct rt_object *order_to(int fd, uintptr_t inode, const struct sockaddr *to,
				  socklen_t length)
{
	const uintptr_t peer = to ? 0 : end_of(inode)->peer;
	uintptr_t name;

	if (peer)
		return order(INTO_SOCKET, peer);
	name = to ? name_of(to, length, false) : asked_name(getpeername, fd, false);
	return name ? order(NAME, name) : order(STRANGERS, 0);
}

void rt_channel_write(int fd, const struct sockaddr *to, socklen_t length)
{
	const int error = errno;
	struct rt_object *order;
	struct stat st;

	if (!fstat(fd, &st)) {
		order = S_ISSOCK(st.st_mode) ? order_to(fd, st.st_ino, to, length)
					     : plain_order(fd, &st);
		if (order)
			rt_release(&order->clock);
	}
	errno = error;
}

static void acquire_from(const struct rt_object *order)
{
	if (order)
		rt_acquire(order->clock);
}

static void acquire_from_socket(int fd, uintptr_t inode)
{
	uintptr_t name;

	acquire_from(order(INTO_SOCKET, inode));
	if (end_of(inode)->peer)
		return;
	name = asked_name(getsockname, fd, false);
	if (name)
		acquire_from(order(NAME, name));
	acquire_from(order(STRANGERS, 0));
}

void rt_channel_read(int fd)
{
	const int error = errno;
	struct stat st;

	if (!fstat(fd, &st)) {
		if (S_ISSOCK(st.st_mode))
			acquire_from_socket(fd, st.st_ino);
		else
			acquire_from(plain_order(fd, &st));
	}
	errno = error;
}
