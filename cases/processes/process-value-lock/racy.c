/*
 * Five processes add to one shared value without a lock.
 *
 *   1. worker 0 reads the value                  0
 *   2. worker 1, another process, reads it too   0
 *   3. worker 0 writes what it read + 1          1
 *   4. worker 1 writes what it read + 1          1   the addition of step 3 is lost
 *
 * Processes share nothing by themselves, but what stands in a shared mapping is
 * as shared as a variable between threads, and needs a lock just as much.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"
#include "../../include/start_line.h"

#define WORKERS 5

struct shared {
	long value;
};

static void work(struct shared *shared, long rounds)
{
	for (long i = 0; i < rounds; i++)
		shared->value += 1; // RACE: shared->value
}

static struct shared *map_shared(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		exit(1);
	return shared;
}

static void start_worker(struct shared *shared, long rounds)
{
	if (fork_child() > 0)
		return;
	start_line_wait();
	work(shared, rounds);
	_exit(0);
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 100000;
	struct shared *shared = map_shared();

	start_line_set();
	for (int i = 0; i < WORKERS; i++)
		start_worker(shared, rounds);
	for (int i = 0; i < WORKERS; i++)
		wait(NULL);
	printf("lost %ld\n", WORKERS * rounds - shared->value);
	return 0;
}
