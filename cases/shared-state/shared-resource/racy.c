/*
 * Five workers bump one shared resource, work for 10 ms and look at it again.
 *
 *   1. worker 0 bumps the resource        1, and goes to work on number 1
 *   2. worker 1 bumps the resource        2
 *   3. worker 0 looks at the resource     2   not the number it worked on
 *
 * Whoever reads a shared value twice gets two values, unless somebody keeps the
 * others out in between. The bump itself can be lost as well, when two workers
 * read the same number; but that takes bad luck, while the second look goes wrong
 * for nearly every worker.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_WORKERS 100

static const struct timespec working_time = { 0, 10 * 1000 * 1000 };
static long shared_resource;

// Returns whether the resource was still as this worker had left it.
static bool use_resource(void)
{
	long mine = ++shared_resource; // RACE: shared_resource

	nanosleep(&working_time, NULL);
	return shared_resource == mine; // RACE: shared_resource
}

static void *worker(void *undisturbed)
{
	*(bool *)undisturbed = use_resource();
	return NULL;
}

int main(int argc, char **argv)
{
	static pthread_t workers[MAX_WORKERS];
	static bool undisturbed[MAX_WORKERS];
	int nr = argc > 1 ? atoi(argv[1]) : 5, disturbed = 0;

	if (nr > MAX_WORKERS)
		nr = MAX_WORKERS;
	for (int i = 0; i < nr; i++)
		pthread_create(&workers[i], NULL, worker, &undisturbed[i]);
	for (int i = 0; i < nr; i++) {
		pthread_join(workers[i], NULL);
		disturbed += !undisturbed[i];
	}
	printf("%ld bumps lost, %d workers disturbed\n", nr - shared_resource, disturbed);
	return 0;
}
