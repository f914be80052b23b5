/*
 * Two threads look up values under a read lock, and count the look-ups atomically.
 *
 * An atomic counter needs no lock, so the readers stay together. Taking the lock for
 * writing would be right too and make every look-up wait for all others, which is what
 * a read-write lock is there to avoid.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define THREADS 2

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER; // protects value
static long value = 42;
static atomic_long hits;
static long rounds;

static long look_up(void)
{
	long found;

	pthread_rwlock_rdlock(&lock);
	found = value;
	hits++;
	pthread_rwlock_unlock(&lock);
	return found;
}

static void *read_values(void *unused)
{
	start_line_wait();
	for (long i = 0; i < rounds; i++)
		look_up();
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	rounds = argc > 1 ? atol(argv[1]) : 1000000;
	start_line_set();
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, read_values, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("lost hits %ld\n", THREADS * rounds - hits);
	return 0;
}
