/*
 * Five threads of a pool take their tasks by an atomic addition to the index.
 *
 * The addition returns the number from before and moves the index on, in one
 * step: each number goes to one worker. The test comes after the taking, on the
 * worker's own number; a test of the index before it would be out of date by the
 * time it is used. So each worker takes one number too many in the end and drops
 * it. A task's result is written by its one owner and read after the join, hence
 * the results need no protection of their own.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define WORKERS 5

struct pool {
	long tasks;
	atomic_long next; // the task to be taken next
	long *steps;      // the result of each task
};

static struct pool pool;

static long collatz_steps(long n)
{
	long steps = 0;

	for (; n != 1; steps++)
		n = n % 2 ? 3 * n + 1 : n / 2;
	return steps;
}

static void *work(void *runs)
{
	start_line_wait();
	for (long task; (task = atomic_fetch_add(&pool.next, 1)) < pool.tasks; ++*(long *)runs)
		pool.steps[task] = collatz_steps(task + 1);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t workers[WORKERS];
	long runs[WORKERS] = { 0 }, again;

	pool.tasks = argc > 1 ? atol(argv[1]) : 8000;
	pool.steps = calloc((size_t)pool.tasks, sizeof(*pool.steps));
	if (!pool.steps)
		return 1;
	start_line_set();
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, work, &runs[i]);
	again = -pool.tasks;
	for (int i = 0; i < WORKERS; i++) {
		pthread_join(workers[i], NULL);
		again += runs[i];
	}
	free(pool.steps);
	printf("tasks run again %ld\n", again);
	return 0;
}
