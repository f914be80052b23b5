/*
 * A counter that starts at 5: one thread adds 1 a million times, another takes
 * 1 away as often, and neither takes a lock.
 *
 *   1. increase reads the value              5
 *   2. decrease reads the value              5
 *   3. decrease writes what it read - 1      4
 *   4. increase writes what it read + 1      6   the step of decrease is lost
 *
 * Each thread also counts its own steps. Those totals are always right, so all
 * steps were made; what is lost is their effect. A step reads, computes and
 * writes, and two threads that read the same value leave one change behind.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static long steps;
static long value[] = { 5 };
static long total_increases; // of the increasing thread, read after its join
static long total_decreases; // of the decreasing thread, read after its join

static void *increase(void *argument)
{
	long *counter = argument;

	for (long i = 0; i < steps; i++) { // RACE: value
		*counter += 1;             // RACE: value
		total_increases += 1;
	}
	return NULL;
}

static void *decrease(void *argument)
{
	long *counter = argument;

	for (long i = 0; i < steps; i++) { // RACE: value
		*counter -= 1;             // RACE: value
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
