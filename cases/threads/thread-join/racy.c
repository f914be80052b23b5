/*
 * Two tasks of two seconds each: main prints the time they took and their
 * results, and joins them afterwards.
 *
 *   1. main creates both threads; each begins its two seconds
 *   2. main reads the clock                      0.0 s
 *   3. main reads the results and prints them    0 0
 *   4. main waits for the threads
 *   5. each thread stores 8 to the power of 20   nobody looks any more
 *
 * pthread_create only starts a thread, and main goes on at once. The join is
 * there, but only for a tidy end: what is read before it is whatever the thread
 * has got round to writing by then.
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
	*(unsigned long long *)result = power; // RACE: results
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
		printf(" %llu", results[i]); // RACE: results
	printf("\n");
}

int main(int argc, char **argv)
{
	pthread_t threads[TASKS];
	double start = now();

	task_ms = argc > 1 ? atol(argv[1]) : 2000;
	for (int i = 0; i < TASKS; i++)
		pthread_create(&threads[i], NULL, long_time_task, &results[i]);
	print_report(now() - start);
	for (int i = 0; i < TASKS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
