/*
 * A pool of four threads is closed first and then joined.
 *
 * Closing says that no task will follow. The workers still run what has been
 * submitted, then leave, and the join returns when the last has gone: it waits
 * for all tasks after all. Both calls are needed and only this order works; a
 * join that also closed would leave no wrong order to choose, but would take from
 * the caller the chance to close early and do something else meanwhile.
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
	pool_close(&pool);
	pool_join(&pool);
	for (int i = 0; i < tasks; i++)
		missing += results[i] == 0;
	printf("missing results %d\n", missing);
	return 0;
}
