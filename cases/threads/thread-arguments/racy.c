/*
 * Each new thread is told its number by a pointer to the loop's own variable.
 *
 *   1. main sets i and starts a thread with &i    0
 *   2. main goes on to the next thread: i++       1
 *   3. the first thread begins and reads *&i      1   it was meant to be 0
 *
 * A thread gets an address, not a value, and reads through it when it happens
 * to begin. By then the loop has gone on; the last threads may even see what the
 * loop after it counts.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_THREADS 64

static void *run(void *argument)
{
	int number = *(const int *)argument; // RACE: i

	return (void *)(intptr_t)number; // for main, at the join
}

static int threads_wanted(int argc, char **argv)
{
	int threads = argc > 1 ? atoi(argv[1]) : 5;

	return threads < MOST_THREADS ? threads : MOST_THREADS;
}

int main(int argc, char **argv)
{
	pthread_t threads[MOST_THREADS];
	int nr = threads_wanted(argc, argv);
	int i, misled = 0;

	for (i = 0; i < nr; i++) // RACE: i
		pthread_create(&threads[i], NULL, run, &i);
	for (i = 0; i < nr; i++) { // RACE: i
		void *number;

		pthread_join(threads[i], &number);
		misled += (intptr_t)number != i;
	}
	printf("misled threads %d\n", misled);
	return 0;
}
