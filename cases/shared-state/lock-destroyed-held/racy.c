/*
 * main closes a log while its writer is still at work, and destroys the lock first.
 *
 *   1. writer locks the log and waits for the disk
 *   2. main tells writer to stop, and destroys the lock    writer holds it
 *   3. writer unlocks                                      a lock that is gone
 *
 * A lock must live longer than everybody who uses it. Telling a thread to stop does not
 * stop it: it comes to the place where it is told in its own time. That destroying
 * failed, or did not, is seen by the return value, which is hardly ever looked at.
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
	failed = pthread_mutex_destroy(&lock); // RACE: lock
	pthread_join(writer, NULL);
	printf("log closed %s\n", failed ? "in use" : "at rest");
	return 0;
}
