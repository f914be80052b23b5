/*
 * Each new thread is told its number by a pointer to a variable of its own.
 *
 * numbers[i] is written before the thread is created and never again, so the
 * thread reads the same value whenever it begins, without a lock: creating a
 * thread orders all that was written before. The array must outlive the threads,
 * which it does, as main joins them all. Passing the number itself, cast to a
 * pointer, works for one small value; an object per thread works for any.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_THREADS 64

static void *run(void *argument)
{
	int number = *(const int *)argument;

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
	int numbers[MOST_THREADS];
	int nr = threads_wanted(argc, argv);
	int i, misled = 0;

	for (i = 0; i < nr; i++) {
		numbers[i] = i;
		pthread_create(&threads[i], NULL, run, &numbers[i]);
	}
	for (i = 0; i < nr; i++) {
		void *number;

		pthread_join(threads[i], &number);
		misled += (intptr_t)number != i;
	}
	printf("misled threads %d\n", misled);
	return 0;
}
