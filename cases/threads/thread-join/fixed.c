/*
 * Two tasks of two seconds each: main joins both, then prints the time they
 * took and their results.
 *
 * pthread_join returns when the thread has ended, and everything the thread
 * wrote is visible from then on. So the results are complete, and the time is
 * that of the tasks: two seconds, not four, because they ran side by side. A
 * longer sleep in main would only guess; a join knows. First start all, then
 * join all: a join right after each start would run them one by one.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TASKS 2

static long task_ms;
static unsigned long long results[TASKS];

static void *long_time_task(void *result)
{
	struct timespec duration = { task_ms / 1000, task_ms % 1000 * 1000000 };
	unsigned long long power = 1;

	nanosleep(&duration, NULL);
	for (int i = 0; i < 20; i++)
		power *= 8;
	*(unsigned long long *)result = power;
	return NULL;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void print_report(double seconds)
{
	printf("%.1f s, results", seconds);
	for (int i = 0; i < TASKS; i++)
		printf(" %llu", results[i]);
	printf("\n");
}

int main(int argc, char **argv)
{
	pthread_t threads[TASKS];
	double start = now();

	task_ms = argc > 1 ? atol(argv[1]) : 2000;
	for (int i = 0; i < TASKS; i++)
		pthread_create(&threads[i], NULL, long_time_task, &results[i]);
	for (int i = 0; i < TASKS; i++)
		pthread_join(threads[i], NULL);
	print_report(now() - start);
	return 0;
}
