/*
 * A counter that starts at 5: a million steps up, a million down, and the lock
 * is taken for every single step.
 *
 * Reading, computing and writing happen under the lock, so a step always works
 * on the value that the step before it left behind, whichever thread made it.
 * One lock per step keeps both threads moving: anybody who wants to see the
 * counter waits for one step, not for a million. That costs an acquisition a
 * step; where nobody needs the value in between, one lock over the loop is
 * cheaper. The totals need no lock: each has one thread, and main joins first.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t value_lock = PTHREAD_MUTEX_INITIALIZER; // protects the value
static long steps;
static long value[] = { 5 };
static long total_increases; // of the increasing thread, read after its join
static long total_decreases; // of the decreasing thread, read after its join

static void *increase(void *argument)
{
	long *counter = argument;

	for (long i = 0; i < steps; i++) {
		pthread_mutex_lock(&value_lock);
		*counter += 1;
		pthread_mutex_unlock(&value_lock);
		total_increases += 1;
	}
	return NULL;
}

static void *decrease(void *argument)
{
	long *counter = argument;

	for (long i = 0; i < steps; i++) {
		pthread_mutex_lock(&value_lock);
		*counter -= 1;
		pthread_mutex_unlock(&value_lock);
		total_decreases += 1;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t up, down;

	steps = argc > 1 ? atol(argv[1]) : 1000000;
	pthread_create(&up, NULL, increase, value);
	pthread_create(&down, NULL, decrease, value);
	pthread_join(up, NULL);
	pthread_join(down, NULL);
	printf("%ld after %ld up, %ld down\n", *value, total_increases, total_decreases);
	return 0;
}
