/*
 * Five workers add up the numbers of fifteen tasks, each in a variable of its own.
 *
 *   1. worker 1 runs task 0      its sum goes from 0 to 55, which is right
 *   2. worker 1 takes task 5, the next one that is free
 *   3. worker 1 runs task 5      its sum goes on from 55: the result is wrong
 *
 * The variable belongs to one thread, so nothing races. But a worker of a pool lives
 * longer than a task, and so does everything that a task leaves in it. The first
 * task of each worker is right, which is all that a small test sees.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define WORKERS   5
#define MAX_TASKS 1000

static long tasks;
static atomic_long next_task;
static long results[MAX_TASKS];
static _Thread_local long sum; // of the task that this worker is running

static void add(long number)
{
	sum += number; // RACE: sum
}

static long add_up(long first, long last)
{
	for (long n = first; n <= last; n++)
		add(n);
	return sum;
}

static void *work(void *unused)
{
	(void)unused;
	for (long task; (task = next_task++) < tasks;)
		results[task] = add_up(1, 10);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t workers[WORKERS];
	long wrong = 0;

	tasks = argc > 1 ? atol(argv[1]) : 15;
	tasks = tasks < MAX_TASKS ? tasks : MAX_TASKS;
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, work, NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	for (long i = 0; i < tasks; i++)
		wrong += results[i] != 55;
	printf("wrong sums %ld\n", wrong);
	return 0;
}
