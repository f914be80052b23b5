/*
 * A thread is cancelled while it holds a lock, and nobody gets the lock again.
 *
 *   1. worker locks the log and waits for the disk    a cancellation point
 *   2. main cancels worker                            it ends where it waits
 *   3. main joins worker: it has ended                the lock is still taken
 *   4. main locks the log                             it waits for ever
 *
 * A thread that is cancelled ends inside some function that waits. It does not come
 * back from there, so the unlock behind it is never reached.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects lines
static long lines;

static void take_time(long milliseconds)
{
	const struct timespec time = { 0, milliseconds * 1000000 };

	nanosleep(&time, NULL);
}

static void write_line(void)
{
	pthread_mutex_lock(&lock);
	lines++;
	take_time(1); // the disk
	pthread_mutex_unlock(&lock);
}

static void *write_lines(void *unused)
{
	for (;;)
		write_line();
	return unused;
}

int main(int argc, char **argv)
{
	long milliseconds = argc > 1 ? atol(argv[1]) : 10;
	pthread_t worker;

	pthread_create(&worker, NULL, write_lines, NULL);
	take_time(milliseconds);
	pthread_cancel(worker);
	pthread_join(worker, NULL);
	pthread_mutex_lock(&lock);
	printf("log closed %s\n", lines > 0 ? "after some lines" : "empty");
	pthread_mutex_unlock(&lock);
	return 0;
}
