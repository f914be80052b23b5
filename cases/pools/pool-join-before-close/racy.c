/*
 * A pool of four threads is joined first and closed afterwards: it waits for ever.
 *
 *   1. main submits five tasks; the workers run them, all results are there
 *   2. each worker finds no task       the pool is open: more may come, it waits
 *   3. main joins the first worker     it waits for a thread that waits for main
 *   4. main would close the pool       never reached
 *
 * Joining waits for the end of the workers, not for the end of the tasks, and a
 * worker ends only when it is told that no task will follow. All the work is
 * done, and nobody is ever told.
 */
#include "common.h"

#include <stdio.h>
#include <stdlib.h>

static struct pool pool = POOL_INIT;
static long results[MAX_TASKS];

static void long_time_task(void *result)
{
	long power = 1;

	for (int i = 0; i < 20; i++)
		power *= 8;
	*(long *)result = power;
}

int main(int argc, char **argv)
{
	int tasks = argc > 1 ? atoi(argv[1]) : 5;
	int missing = 0;

	if (tasks > MAX_TASKS)
		tasks = MAX_TASKS;
	pool_start(&pool);
	for (int i = 0; i < tasks; i++)
		pool_submit(&pool, long_time_task, &results[i]);
	pool_join(&pool);
	pool_close(&pool);
	for (int i = 0; i < tasks; i++)
		missing += results[i] == 0;
	printf("missing results %d\n", missing);
	return 0;
}
