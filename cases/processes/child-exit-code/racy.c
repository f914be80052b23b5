/*
 * main starts five workers, waits for all of them and reports that all is done.
 *
 *   1. worker 3 finds its part damaged and exits with 1
 *   2. main waits for the workers            wait() succeeds five times
 *   3. main reports five parts done          one of them is not
 *
 * wait says that a child has ended. How it ended stands in the status that it would
 * have stored, had it been given a place for it: the only result that a process
 * always has.
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
	int done = 0;

	while (wait(NULL) > 0)
		done++; // RACE: status
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
