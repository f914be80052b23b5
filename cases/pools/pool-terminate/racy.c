/*
 * Fourteen tasks are given to eight threads, and the pool is terminated at once.
 *
 *   1. main submits fourteen tasks
 *   2. eight workers take one each         six tasks wait in the pool
 *   3. main terminates the pool            "no more tasks", it thinks
 *   4. each worker ends its task, looks
 *      for the next one and is sent home   the six are never run
 *   5. main joins and counts the results   six are missing, or more
 *
 * The join after it waits for the workers and finds nothing wrong: no call fails,
 * no thread is left behind, and a task that was not run has nobody to say so. A
 * worker that had not begun in step 3 runs nothing at all.
 */
#define _POSIX_C_SOURCE 200809L
#include "common.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static struct pool pool = POOL_INIT;
static long results[MAX_TASKS];

static void long_time_task(void *result)
{
	const struct timespec duration = { 0, 1000 * 1000 };
	long power = 1;

	nanosleep(&duration, NULL);
	for (int i = 0; i < 20; i++)
		power *= 8;
	*(long *)result = power;
}

int main(int argc, char **argv)
{
	int tasks = argc > 1 ? atoi(argv[1]) : 14;
	int lost = 0;

	if (tasks > MAX_TASKS)
		tasks = MAX_TASKS;
	pool_start(&pool);
	for (int i = 0; i < tasks; i++)
		pool_submit(&pool, long_time_task, &results[i]);
	pool_terminate(&pool);
	pool_join(&pool);
	for (int i = 0; i < tasks; i++)
		lost += results[i] == 0;
	printf("lost results %d\n", lost);
	return 0;
}
