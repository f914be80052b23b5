/*
 * Four workers of a pool call back when a task has ended, and the callback puts the
 * result into a list without a lock.
 *
 *   1. one worker ends its task, reads length       7
 *   2. another worker ends its task, reads length   7
 *   3. the first writes its result to place 7
 *   4. the second writes its result to place 7      the first result is gone
 *   5. both write length                            8
 *
 * Whoever writes a callback sees one function that appends to one list. But it
 * runs in the thread that ran the task: four threads, at any time.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define WORKERS 4

struct list {
	long *items;
	long length;
};

struct share {
	long first, tasks;            // every fourth task from the first on
	void (*on_done)(long result); // called when a task has ended
};

static struct list finished;

static void append_result(long result)
{
	finished.items[finished.length++] = result; // RACE: finished
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
