/*
 * Four workers of a pool call back when a task has ended, and the callback takes a
 * lock around the list.
 *
 * The place and the length belong together, so one lock is held over both: an
 * atomic length would give each result a place of its own, yet a reader could
 * see the length before the result is in its place. The callback stays short,
 * since the other workers wait meanwhile. The other good way is to let the owner
 * of the pool run all callbacks, one after the other.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define WORKERS 4

struct list {
	pthread_mutex_t lock; // protects all below
	long *items;
	long length;
};

struct share {
	long first, tasks;            // every fourth task from the first on
	void (*on_done)(long result); // called when a task has ended
};

static struct list finished = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void append_result(long result)
{
	pthread_mutex_lock(&finished.lock);
	finished.items[finished.length++] = result;
	pthread_mutex_unlock(&finished.lock);
}

static long collatz_steps(long n)
{
	long steps = 0;

	for (; n != 1; steps++)
		n = n % 2 ? 3 * n + 1 : n / 2;
	return steps;
}

static void *run_tasks(void *argument)
{
	const struct share *share = argument;

	start_line_wait();
	for (long task = share->first; task < share->tasks; task += WORKERS)
		share->on_done(collatz_steps(task + 1));
	return NULL;
}

int main(int argc, char **argv)
{
	long tasks = argc > 1 ? atol(argv[1]) : 50000;
	struct share shares[WORKERS];
	pthread_t workers[WORKERS];

	finished.items = calloc((size_t)tasks, sizeof(*finished.items));
	if (!finished.items)
		return 1;
	start_line_set();
	for (int i = 0; i < WORKERS; i++) {
		shares[i] = (struct share){ i, tasks, append_result };
		pthread_create(&workers[i], NULL, run_tasks, &shares[i]);
	}
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	free(finished.items);
	printf("missing results %ld\n", tasks - finished.length);
	return 0;
}
