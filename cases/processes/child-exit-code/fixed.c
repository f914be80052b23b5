/*
 * main starts five workers, waits for all of them and asks each how it has ended.
 *
 * A worker is done when it exited, and exited with 0; one that was killed by a signal has
 * no exit code at all, which WIFEXITED tells. Here main counts; mostly it has to know
 * which worker failed as well, and takes the number that wait returns.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define WORKERS 5
#define DAMAGED 3

static bool copy_part(int part, long bytes)
{
	long copied = 0;

	if (part == DAMAGED)
		return false;
	while (copied < bytes)
		copied++;
	return copied == bytes;
}

static void start_worker(int part, long bytes)
{
	if (fork_child() > 0)
		return;
	_exit(copy_part(part, bytes) ? 0 : 1);
}

static int wait_for_workers(void)
{
	int done = 0, status;

	while (wait(&status) > 0)
		done += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	return done;
}

int main(int argc, char **argv)
{
	long bytes = argc > 1 ? atol(argv[1]) : 1000;

	for (int part = 1; part <= WORKERS; part++)
		start_worker(part, bytes);
	printf("parts done %d of %d\n", wait_for_workers(), WORKERS);
	return 0;
}
