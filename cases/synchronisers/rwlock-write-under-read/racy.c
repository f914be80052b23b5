/*
 * Two threads look up values under a read lock, and count the look-ups there.
 *
 *   1. first holds the lock for reading, reads hits     0
 *   2. second holds it for reading too, reads hits      0
 *   3. first writes what it read + 1                    1
 *   4. second writes what it read + 1                   1   a hit is lost
 *
 * A read lock keeps writers out and lets readers in together. The counter came later,
 * into a function that locks already; that it is the wrong kind of lock for a write is
 * not to be seen in that line.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define THREADS 2

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER; // protects value
static long value = 42;
static long hits;
static long rounds;

static long look_up(void)
{
	long found;

	pthread_rwlock_rdlock(&lock);
	found = value;
	hits++; // RACE: hits
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
