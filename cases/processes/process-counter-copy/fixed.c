/*
 * Five workers count their jobs in one counter that stands in a shared mapping.
 *
 * fork copies private memory and keeps a shared mapping shared: the pointer is
 * copied, what it points to is the same for all. Now the workers really do write
 * one counter at the same time, so it has to be atomic as well; a shared plain
 * counter would lose jobs where the private one lost all of them. An atomic long
 * needs no lock here, so it works between processes as between threads.
 */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define WORKERS 5

static atomic_long *counter;

static void map_counter(void)
{
	counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	if (counter == MAP_FAILED)
		exit(1);
}

static void work(long jobs)
{
	for (long i = 0; i < jobs; i++)
		*counter += 1;
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

	map_counter();
	for (int i = 0; i < WORKERS; i++)
		start_worker(jobs);
	for (int i = 0; i < WORKERS; i++)
		wait(NULL);
	printf("not counted %ld\n", WORKERS * jobs - *counter);
	return 0;
}
