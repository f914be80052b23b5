/*
 * Five threads count themselves among the active ones, in an atomic counter.
 *
 * On an atomic object `+= 1` and `-= 1` are one step each: no other thread comes
 * between load and store, so every one that is counted up is counted down. A
 * mutex would be as right; for a lone counter that nothing else depends on the
 * atomic is less to write and cannot be forgotten at one of the places. What is
 * read while threads still run may be out of date the moment it is read.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define THREADS 5

static atomic_long active;

static void do_the_job(void)
{
	struct timespec job = { 0, 20000 };

	nanosleep(&job, NULL);
}

static void *run(void *unused)
{
	(void)unused;
	start_line_wait();
	active += 1;
	do_the_job();
	active -= 1;
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
