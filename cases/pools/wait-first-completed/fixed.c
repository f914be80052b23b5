/*
 * Eight tasks on five workers; main waits until all are completed and reads the
 * results of all.
 *
 * A result is written before its worker takes the lock to count it, and main reads
 * it after it has seen the count under the same lock: for the tasks that were
 * counted, and only for those, the order is certain. So main waits for as many as
 * it reads. A caller that needs the first one alone may stop waiting then, but has
 * to be told which it was and leave the others alone.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WORKERS 5
#define TASKS   8

static long task_ms;
static long results[TASKS]; // written by the task's worker before it counts in `completed`

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects the two below
static pthread_cond_t one_more = PTHREAD_COND_INITIALIZER;
static int taken, completed;

static long long_time_task(void)
{
	struct timespec duration = { task_ms / 1000, task_ms % 1000 * 1000000 };
	long power = 1;

	nanosleep(&duration, NULL);
	for (int i = 0; i < 20; i++)
		power *= 8;
	return power;
}

static void *work(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (taken < TASKS) {
		int task = taken++;
		pthread_mutex_unlock(&lock);
		results[task] = long_time_task();
		pthread_mutex_lock(&lock);
		completed++;
		pthread_cond_signal(&one_more);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void wait_until_completed(int nr)
{
	pthread_mutex_lock(&lock);
	while (completed < nr)
		pthread_cond_wait(&one_more, &lock);
	pthread_mutex_unlock(&lock);
}

int main(int argc, char **argv)
{
	pthread_t workers[WORKERS];
	int missing = 0;

	task_ms = argc > 1 ? atol(argv[1]) : 2000;
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, work, NULL);
	wait_until_completed(TASKS);
	for (int i = 0; i < TASKS; i++)
		missing += results[i] == 0;
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	printf("missing results %d\n", missing);
	return 0;
}
