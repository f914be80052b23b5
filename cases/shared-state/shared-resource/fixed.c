/*
 * Five workers bump one shared resource, work for 10 ms and look at it again,
 * one worker at a time.
 *
 * The lock is held from the bump to the second look, so the resource is the
 * worker's own meanwhile. It is a scoped lock, like `with lock:` in Python: the
 * compiler calls the cleanup function when the block is left, after the returned
 * value is known. A plain unlock would have to come before the return, so the
 * last look would need a variable, or would slip out of the lock. (`cleanup` is an
 * extension that gcc and clang share.) An atomic bump would save the number, but
 * not keep it still; and a worker that only needs its number can do without lock.
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
static pthread_mutex_t resource_lock = PTHREAD_MUTEX_INITIALIZER; // protects shared_resource

static void unlock(pthread_mutex_t **held)
{
	pthread_mutex_unlock(*held);
}

// Holds the lock until the end of the block.
#define HOLD(lock)                                                                                 \
	__attribute__((cleanup(unlock))) pthread_mutex_t *held = (lock);                           \
	pthread_mutex_lock(held)

// Returns whether the resource was still as this worker had left it.
static bool use_resource(void)
{
	HOLD(&resource_lock);
	long mine = ++shared_resource;

	nanosleep(&working_time, NULL);
	return shared_resource == mine;
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
