/*
 * Five threads of a pool take their tasks by a shared index that is a plain number.
 *
 *   1. one worker reads next               3
 *   2. another worker reads next           3
 *   3. both write next                     4
 *   4. both run task 3                     its result is stored twice
 *   5. a third, held up since it read 1,
 *      writes next                         2   tasks 2 and 3 run once more
 *
 * `next++` looks like one step and is a load, an addition and a store. When a
 * task runs twice its result is a race as well: two threads write it.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define WORKERS 5

struct pool {
	long tasks;
	long next;   // the task to be taken next
	long *steps; // the result of each task
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
	for (long task; (task = pool.next++) < pool.tasks; ++*(long *)runs) // RACE: pool.next
		pool.steps[task] = collatz_steps(task + 1);                 // RACE: pool.steps
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
