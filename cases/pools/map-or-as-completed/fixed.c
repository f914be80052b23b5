/*
 * Results are taken as they come, and each says which task it belongs to.
 *
 * The order of completion is kept, so main has each result as early as possible,
 * and the task's number puts it where it belongs: what map() does inside. The
 * other way is a place for each task that its worker writes to, read after the
 * join. A wait for task 0, then for task 1 and so on is in order as well, but it
 * has the quick ones wait for the slow.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WORKERS   5
#define MAX_TASKS 1000

struct completion {
	long task, result;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects the four below
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long tasks, taken, ended;
static struct completion completed[MAX_TASKS]; // results as they came

static long square(long n)
{
	struct timespec duration = { 0, n % 3 == 0 ? 2000000 : 1000000 };

	nanosleep(&duration, NULL);
	return n * n;
}

static void *work(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (taken < tasks) {
		long task = taken++, result;
		pthread_mutex_unlock(&lock);
		result = square(task);
		pthread_mutex_lock(&lock);
		completed[ended++] = (struct completion){ task, result };
		pthread_cond_signal(&changed);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static struct completion wait_for_next(long seen)
{
	struct completion next;

	pthread_mutex_lock(&lock);
	while (ended == seen)
		pthread_cond_wait(&changed, &lock);
	next = completed[seen];
	pthread_mutex_unlock(&lock);
	return next;
}

int main(int argc, char **argv)
{
	static long results[MAX_TASKS];
	long nr = argc > 1 ? atol(argv[1]) : 8, misplaced = 0;
	pthread_t workers[WORKERS];

	tasks = nr = nr < MAX_TASKS ? nr : MAX_TASKS;
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, work, NULL);
	for (long k = 0; k < nr; k++) {
		struct completion next = wait_for_next(k);
		results[next.task] = next.result;
	}
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	for (long i = 0; i < nr; i++)
		misplaced += results[i] != i * i;
	printf("misplaced results %ld\n", misplaced);
	return 0;
}
