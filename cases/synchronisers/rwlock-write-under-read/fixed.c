/*
 * Two threads look up values, and take the lock for writing, because they may write.
 *
 * Now each look-up has key and value to itself. The readers no longer run side by side,
 * so a plain mutex would do as well. If they are to, each thread keeps its own last value
 * (_Thread_local), or the lock is taken for writing only where the value is missing, with
 * a second look.
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

	pthread_rwlock_wrlock(&lock);
	if (last.key != key) {
		last.key = key;
		last.value = compute(key);
	}
	value = last.value;
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
