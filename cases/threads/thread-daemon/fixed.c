/*
 * A background thread writes the log records of main, is told when no more will
 * come, and is joined.
 *
 * It goes only when the log is closed and all that was queued is written, and the
 * join makes main wait for just that. A pause before main returns would only guess;
 * leaving main by pthread_exit would keep the process for ever, the thread waiting.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RECORDS 5

static long step_ms;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static int records; // how many have arrived: 1 … records, protected by lock
static bool closed; // no more will come, protected by lock

static void take_time(void)
{
	usleep((useconds_t)step_ms * 1000);
}

static void write_record(int record)
{
	const char text[] = { ' ', (char)('0' + record) };

	take_time();
	if (write(STDOUT_FILENO, text, sizeof(text)) < 0)
		_exit(1);
}

static void put_record(void)
{
	pthread_mutex_lock(&lock);
	records++;
	pthread_cond_signal(&arrived);
	pthread_mutex_unlock(&lock);
}

static void close_log(void)
{
	pthread_mutex_lock(&lock);
	closed = true;
	pthread_cond_signal(&arrived);
	pthread_mutex_unlock(&lock);
}

static bool await_record(int record)
{
	bool there;

	pthread_mutex_lock(&lock);
	while (records < record && !closed)
		pthread_cond_wait(&arrived, &lock);
	there = records >= record;
	pthread_mutex_unlock(&lock);
	return there;
}

static void *write_log(void *unused)
{
	(void)unused;
	for (int record = 1; await_record(record); record++)
		write_record(record);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t log;

	step_ms = argc > 1 ? atol(argv[1]) : 1000;
	printf("records");
	fflush(stdout);
	pthread_create(&log, NULL, write_log, NULL);
	for (int i = 0; i < RECORDS; i++) {
		take_time();
		put_record();
	}
	close_log();
	pthread_join(log, NULL);
	return 0;
}
