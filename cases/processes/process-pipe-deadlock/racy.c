/*
 * The parent waits for its child before it reads what the child writes.
 *
 *   1. parent starts child and waits for its end
 *   2. child writes 64 KiB to stdout     the pipe is full
 *   3. child writes more and waits until somebody reads
 *   4. the only reader is parent, and it waits for child: neither will ever go on
 *
 * A pipe holds 64 KiB on Linux. While the child says less than that, waiting
 * first works, which is why small tests pass.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define KIB 1024

static void talk(int out, int err, long kib)
{
	char block[KIB];

	memset(block, '.', sizeof(block));
	for (long i = 0; i < kib; i++) {
		if (write(out, block, KIB) != KIB || write(err, block, KIB) != KIB)
			_exit(1);
	}
}

static pid_t start_child(int pipes[2][2], long kib)
{
	pid_t child;

	if (pipe(pipes[0]) < 0 || pipe(pipes[1]) < 0)
		exit(1);
	child = fork_child();
	if (child == 0) {
		close(pipes[0][0]);
		close(pipes[1][0]);
		talk(pipes[0][1], pipes[1][1], kib);
		_exit(0);
	}
	close(pipes[0][1]);
	close(pipes[1][1]);
	return child;
}

// Returns how many bytes came, and leaves an end out from now on when it is over.
static long read_some(struct pollfd *end)
{
	char block[4 * KIB];
	ssize_t got = read(end->fd, block, sizeof(block));

	if (got <= 0)
		end->fd = -1;
	return got > 0 ? got : 0;
}

static long read_both(int out, int err)
{
	struct pollfd ends[2] = { { out, POLLIN, 0 }, { err, POLLIN, 0 } };
	long bytes = 0;

	while (ends[0].fd >= 0 || ends[1].fd >= 0) {
		if (poll(ends, 2, -1) < 0)
			continue; // a signal came first
		for (int i = 0; i < 2; i++)
			bytes += ends[i].revents ? read_some(&ends[i]) : 0;
	}
	return bytes;
}

int main(int argc, char **argv)
{
	long bytes, kib = argc > 1 ? atol(argv[1]) : 100;
	int pipes[2][2];
	pid_t child = start_child(pipes, kib);

	waitpid(child, NULL, 0);
	bytes = read_both(pipes[0][0], pipes[1][0]);
	printf("missing bytes %ld\n", 2 * kib * KIB - bytes);
	return 0;
}
