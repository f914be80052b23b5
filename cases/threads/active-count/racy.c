/*
 * Five threads count themselves among the active ones while they run.
 *
 *   1. Thread-1 reads active            0
 *   2. Thread-2 reads active            0
 *   3. Thread-1 writes what it read + 1 1
 *   4. Thread-2 writes what it read + 1 1    two threads are active
 *   5. each takes itself off            -1   a negative number of threads
 *
 * Up and down look as if they cancelled out, and for one thread they do. But each
 * is a load, an addition and a store, and what is lost on the way up is not
 * lost again on the way down.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define THREADS 5

static long active;

static void do_the_job(void)
{
	struct timespec job = { 0, 20000 };

	nanosleep(&job, NULL);
}

static void *run(void *unused)
{
	(void)unused;
	start_line_wait();
	active += 1; // RACE: active
	do_the_job();
	active -= 1; // RACE: active
	return NULL;
}

static void run_threads(void)
{
	pthread_t threads[THREADS];

	start_line_set();
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 20;

	for (long i = 0; i < rounds; i++)
		run_threads();
	printf("active threads %ld\n", active);
	return 0;
}
