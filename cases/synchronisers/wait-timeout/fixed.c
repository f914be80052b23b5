/*
 * main waits for a result with a time limit, and asks what the wait has ended with.
 *
 * The result is read only after a wait that saw `done` under the lock, which also orders
 * the reading behind the writing. When the time is up, main may do something else, as
 * long as it does not touch the result: tell the user, wait again, or give up for good
 * and say so. Here it waits again.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long task_ms;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects the two below
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;
static bool done;
static long result;

static void *long_time_task(void *unused)
{
	const struct timespec duration = { task_ms / 1000, task_ms % 1000 * 1000000 };

	(void)unused;
	nanosleep(&duration, NULL);
	pthread_mutex_lock(&lock);
	result = 42;
	done = true;
	pthread_cond_signal(&finished);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static struct timespec from_now(long ms)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += ms % 1000 * 1000000;
	t.tv_sec += ms / 1000 + t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

// Returns whether the result is there; false if the time was up before.
static bool wait_for_result(long ms)
{
	const struct timespec limit = from_now(ms);
	bool there;

	pthread_mutex_lock(&lock);
	while (!done && pthread_cond_timedwait(&finished, &lock, &limit) != ETIMEDOUT)
		;
	there = done;
	pthread_mutex_unlock(&lock);
	return there;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	task_ms = argc > 1 ? atol(argv[1]) : 20;
	pthread_create(&thread, NULL, long_time_task, NULL);
	while (!wait_for_result(task_ms / 2))
		; // it takes longer
	printf("result %ld\n", result);
	pthread_join(thread, NULL);
	return 0;
}
