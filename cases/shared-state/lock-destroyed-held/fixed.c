/*
 * main closes a log when its writer has ended, and destroys the lock last.
 *
 * After the join there is nobody left who could hold the lock or ask for it. The order
 * is that of all shutdowns: stop, wait until it has stopped, tear down.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects lines
static long lines;
static atomic_bool stop;

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
	while (!stop)
		write_line();
	return unused;
}

int main(int argc, char **argv)
{
	long milliseconds = argc > 1 ? atol(argv[1]) : 10;
	pthread_t writer;
	int failed;

	pthread_create(&writer, NULL, write_lines, NULL);
	take_time(milliseconds);
	stop = true;
	pthread_join(writer, NULL);
	failed = pthread_mutex_destroy(&lock);
	printf("log closed %s\n", failed ? "in use" : "at rest");
	return 0;
}
