/*
 * Two threads look up values under a read lock, which keeps the last one found as well.
 *
 *   1. first holds the lock for reading, sets last.key       2
 *   2. first computes the value                              which takes a while
 *   3. second holds it for reading too, reads last.key       2: its value is known
 *   4. second reads last.value                               10, which is that of 1
 *   5. first sets last.value                                 20
 *
 * A read lock keeps writers out and lets readers in together. The memory of the last
 * value came later, into a function that locks already; that it is the wrong kind of
 * lock for a write is not to be seen in that line.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define THREADS 2

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER; // protects factor and last
static long factor = 10;
static struct {
	long key, value;
} last;
static long rounds;

static long compute(long key)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
	return key * factor;
}

static long look_up(long key)
{
	long value;

	pthread_rwlock_rdlock(&lock);
	if (last.key != key) {             // RACE: last
		last.key = key;            // RACE: last
		last.value = compute(key); // RACE: last
	}
	value = last.value; // RACE: last
	pthread_rwlock_unlock(&lock);
	return value;
}

static void *read_values(void *wrong)
{
	start_line_wait();
	for (long i = 0; i < rounds; i++)
		for (long key = 1; key <= 2; key++)
			*(long *)wrong += look_up(key) != key * factor;
	return NULL;
}

int main(int argc, char **argv)
{
	long wrong[THREADS] = { 0 };
	pthread_t threads[THREADS];

	rounds = argc > 1 ? atol(argv[1]) : 100;
	start_line_set();
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, read_values, &wrong[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("wrong values %ld\n", wrong[0] + wrong[1]);
	return 0;
}
