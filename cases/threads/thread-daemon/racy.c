/*
 * A background thread writes the log records of main, and is detached so that
 * main need not think of it again.
 *
 *   1. main puts record 4 into the queue, works on   the log says 1 2
 *   2. the log thread writes record 3, takes 4       the log says 1 2 3
 *   3. main puts record 5 into the queue and returns
 *   4. the process ends, and the log thread with it  4 in its hands, 5 in the queue
 *
 * A detached thread is not kept alive by anything. When main returns it is cut
 * off wherever it stands, with what it has in hand and all that is still queued;
 * nobody is told.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RECORDS 5

static long step_ms;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static int records; // how many have arrived: 1 … records, protected by lock

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

static void await_record(int record)
{
	pthread_mutex_lock(&lock);
	while (records < record)
		pthread_cond_wait(&arrived, &lock);
	pthread_mutex_unlock(&lock);
}

static void *write_log(void *unused)
{
	(void)unused;
	for (int record = 1;; record++) {
		await_record(record);
		write_record(record);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t log;

	step_ms = argc > 1 ? atol(argv[1]) : 1000;
	printf("records");
	fflush(stdout);
	pthread_create(&log, NULL, write_log, NULL);
	pthread_detach(log);
	for (int i = 0; i < RECORDS; i++) {
		take_time();
		put_record();
	}
	return 0;
}
