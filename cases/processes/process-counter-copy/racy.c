/*
 * Five workers count their jobs in a global variable, each in a process of its own.
 *
 *   1. main forks worker 0: it has main's variables, as a copy   its counter is 0
 *   2. worker 0 counts a job                                     its counter is 1
 *   3. main waits for worker 0 and reads counter                 main's counter is 0
 *
 * fork copies the memory. From then on a variable that is written by one process
 * is not the variable that the other reads, although name and address are the
 * same, and waiting changes nothing about it: the count ends with its process.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define WORKERS 5

static long counter;

static void work(long jobs)
{
	for (long i = 0; i < jobs; i++)
		counter += 1;
}

static void start_worker(long jobs)
{
	if (fork_child() > 0)
		return;
	work(jobs);
	_exit(0);
}

int main(int argc, char **argv)
{
	long jobs = argc > 1 ? atol(argv[1]) : 1000;

	for (int i = 0; i < WORKERS; i++)
		start_worker(jobs);
	for (int i = 0; i < WORKERS; i++)
		wait(NULL);
	printf("not counted %ld\n", WORKERS * jobs - counter);
	return 0;
}
