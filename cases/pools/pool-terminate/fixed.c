/*
 * Fourteen tasks are given to eight threads, and the pool is closed.
 *
 * A closed pool takes no new task and still runs those it has: a worker leaves
 * only when none is left, so after the join every result is there. Terminating
 * is for results that nobody wants any more. Where it cannot be avoided (a time
 * limit, Ctrl-C) it has to hand back what it did not run, so that the loss is
 * known; waiting "long enough" before it would be a guess.
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
	pool_close(&pool);
	pool_join(&pool);
	for (int i = 0; i < tasks; i++)
		lost += results[i] == 0;
	printf("lost results %d\n", lost);
	return 0;
}
