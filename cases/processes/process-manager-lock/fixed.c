/*
 * A lock server that knows who holds the lock: only the owner's release frees it.
 *
 * The server knows its clients by their connections, which a client cannot get
 * wrong or forge. A release by anybody else changes nothing, whatever led to it.
 * And as the connection ends with its client, however that ends, the server can
 * take the lock back from a client that died with it. To mend the client alone
 * would leave every other client's lock at the mercy of the next slip.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "common.h"

#define NOBODY (-1)

static int owner = NOBODY;

static void handle(int client, char what)
{
	switch (what) {
	case TRY:
		answer(&peers[client], owner == NOBODY ? 'y' : 'n');
		if (owner == NOBODY)
			owner = client;
		break;
	case RELEASE:
	case GONE:
		if (owner == client)
			owner = NOBODY;
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
