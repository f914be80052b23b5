/*
 * A lock server that does not know who holds the lock: anybody's release frees it.
 *
 *   1. client 0 tries the lock      the server says yes, client 0 enters the room
 *   2. client 1 tries the lock      the server says no
 *   3. client 1 tidies up, as it does after every try, and releases the lock
 *   4. client 2 tries the lock      the server says yes: it meets client 0 inside
 *
 * Client 1 is wrong to release what it was refused. But such a slip is made
 * somewhere (a common way out, a `finally`), and the server lets it break the lock
 * of those who did nothing wrong. For want of an owner the server could not free
 * the lock of a client that died with it either.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "common.h"

static bool taken;

static void handle(int client, char what)
{
	switch (what) {
	case TRY:
		answer(&peers[client], taken ? 'n' : 'y');
		taken = true;
		break;
	case RELEASE:
		taken = false;
		break;
	}
}

static void serve(void)
{
	int connected = CLIENTS;

	while (connected > 0) {
		if (poll(peers, CLIENTS, -1) < 0)
			continue; // a signal came first
		for (int i = 0; i < CLIENTS; i++) {
			if (!peers[i].revents)
				continue;
			handle(i, next_request(&peers[i]));
			connected -= peers[i].fd < 0;
		}
	}
}

int main(int argc, char **argv)
{
	open_room(argc > 1 ? atol(argv[1]) : 2);
	serve();
	while (wait(NULL) > 0)
		; // until all clients have ended
	printf("meetings %ld\n", room->meetings);
	return 0;
}
