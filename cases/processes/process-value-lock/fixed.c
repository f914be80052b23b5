/*
 * Five processes add to one shared value, a process-shared mutex around each addition.
 *
 * The mutex stands in the shared mapping beside the value it protects, so all
 * workers use the same one; PTHREAD_PROCESS_SHARED says that they are processes
 * (the default promises to work between the threads of one process only). An
 * atomic addition would do for a single number; the lock still does when the
 * shared resource grows a second field.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"
#include "../../include/start_line.h"

#define WORKERS 5

struct shared {
	pthread_mutex_t lock; // protects value
	long value;
};

static void work(struct shared *shared, long rounds)
{
	for (long i = 0; i < rounds; i++) {
		pthread_mutex_lock(&shared->lock);
		shared->value += 1;
		pthread_mutex_unlock(&shared->lock);
	}
}

static struct shared *map_shared(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t between_processes;

	if (shared == MAP_FAILED)
		exit(1);
	pthread_mutexattr_init(&between_processes);
	pthread_mutexattr_setpshared(&between_processes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->lock, &between_processes);
	pthread_mutexattr_destroy(&between_processes);
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
	pthread_mutex_destroy(&shared->lock);
	printf("lost %ld\n", WORKERS * rounds - shared->value);
	return 0;
}
