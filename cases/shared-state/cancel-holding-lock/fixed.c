/*
 * A thread that is cancelled while it holds a lock gives it back by a cleanup handler.
 *
 * The handler runs when the thread is cancelled between push and pop, and at the pop, as
 * it is called with 1. So the lock is given back once on every way. The data must be in
 * order too where a thread can be cancelled: here the line is counted before. A flag
 * that the thread looks at between two lines is gentler and needs none of this, but does
 * not end a thread that waits.
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

static void unlock(void *mutex)
{
	pthread_mutex_unlock(mutex);
}

static void write_line(void)
{
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(unlock, &lock);
	lines++;
	take_time(1); // the disk
	pthread_cleanup_pop(1);
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
