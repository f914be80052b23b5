/*
 * Five processes each return a result in a variable, and main finds none of them.
 *
 *   1. main forks process 0
 *   2. process 0 stores its result in results[0]       5000050000, in its own memory
 *   3. process 0 ends, and its memory with it
 *   4. main waits for it and reads results[0]          0, in main's memory
 *
 * A process has nobody to return a value to. What the system hands on when it
 * ends is a status of eight bits; the caller's variables that the child sees are
 * copies, and a pointer into the caller's memory points into the copy as well.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define TASKS 5

static long results[TASKS];

static long sum_to(long n)
{
	long sum = 0;

	for (long i = 1; i <= n; i++)
		sum += i;
	return sum;
}

static void start_task(int task, long n)
{
	if (fork_child() > 0)
		return;
	results[task] = sum_to(n);
	_exit(0);
}

static int count_missing(long n)
{
	int missing = 0;

	for (int i = 0; i < TASKS; i++)
		missing += results[i] != sum_to(n + i);
	return missing;
}

int main(int argc, char **argv)
{
	long n = argc > 1 ? atol(argv[1]) : 100000;

	for (int i = 0; i < TASKS; i++)
		start_task(i, n + i);
	for (int i = 0; i < TASKS; i++)
		wait(NULL);
	printf("missing results %d\n", count_missing(n));
	return 0;
}
