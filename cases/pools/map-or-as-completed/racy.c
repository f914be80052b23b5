/*
 * Results are taken as they come, and the k-th to come is taken for that of task k.
 *
 *   1. five workers take tasks 0 to 4; every third takes longer, 0 and 3 here
 *   2. task 1 ends, its square is the first to come   1
 *   3. main stores it as the result of task 0         1 instead of 0
 *   4. task 0 ends, its square comes later            0, for a task that is not its own
 *
 * The list is well locked and nothing is lost: every result is right, and stands
 * in the wrong place. With one worker, or with tasks of the same length on a quiet
 * machine, the order of completion is that of submission, and all looks well.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WORKERS   5
#define MAX_TASKS 1000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects the four below
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long tasks, taken, ended;
static long completed[MAX_TASKS]; // results as they came

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
		completed[ended++] = result;
		pthread_cond_signal(&changed);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static long wait_for_next(long seen)
{
	long next;

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
	for (long k = 0; k < nr; k++)
		results[k] = wait_for_next(k);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	for (long i = 0; i < nr; i++)
		misplaced += results[i] != i * i;
	printf("misplaced results %ld\n", misplaced);
	return 0;
}
