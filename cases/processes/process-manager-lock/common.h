/*
 * A lock that lives in a server process, as Python's Manager().Lock() does: the
 * clients' side and the connections, shared by both variants. Each client has a
 * pair of sockets with the server and sends one byte for each request.
 */
#ifndef PROCESS_MANAGER_LOCK_COMMON_H
#define PROCESS_MANAGER_LOCK_COMMON_H

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define CLIENTS 5
#define TRY     't' // answered: 'y', the client has the lock now, or 'n'
#define RELEASE 'r' // not answered
#define GONE    'g' // sent by nobody: the connection has ended

struct room {
	atomic_int inside;    // clients in the room at this moment
	atomic_long meetings; // how often somebody came in and was not alone
};

static struct room *room;            // in shared memory
static struct pollfd peers[CLIENTS]; // the server's ends

static void pause_for(long microseconds)
{
	nanosleep(&(struct timespec){ 0, microseconds * 1000 }, NULL);
}

static void use_room(void)
{
	if (atomic_fetch_add(&room->inside, 1) > 0)
		atomic_fetch_add(&room->meetings, 1);
	pause_for(1000);
	atomic_fetch_sub(&room->inside, 1);
}

static char request(int server, char what)
{
	char answer = 0;

	if (write(server, &what, 1) != 1 || (what == TRY && read(server, &answer, 1) != 1))
		_exit(1);
	return answer;
}

// Releases after each try, also when it was refused: that is the client's mistake.
static void run_client(int server, long tasks)
{
	while (tasks > 0) {
		if (request(server, TRY) == 'y') {
			use_room();
			tasks--;
		}
		request(server, RELEASE);
		pause_for(100);
	}
}

static void start_client(struct pollfd *peer, long tasks)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		exit(1);
	if (fork_child() == 0) {
		close(ends[1]);
		run_client(ends[0], tasks);
		_exit(0);
	}
	close(ends[0]);
	peer->fd = ends[1];
	peer->events = POLLIN;
}

static void open_room(long tasks)
{
	room = mmap(NULL, sizeof(*room), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED)
		exit(1);
	for (int i = 0; i < CLIENTS; i++)
		start_client(&peers[i], tasks);
}

// Reads what a client wants; one that has gone is left out from then on.
static char next_request(struct pollfd *peer)
{
	char what;

	if (read(peer->fd, &what, 1) == 1)
		return what;
	close(peer->fd);
	peer->fd = -1;
	return GONE;
}

// A client that has gone must not end the server (MSG_NOSIGNAL): next_request() notices it.
static void answer(const struct pollfd *peer, char word)
{
	send(peer->fd, &word, 1, MSG_NOSIGNAL);
}
#endif
