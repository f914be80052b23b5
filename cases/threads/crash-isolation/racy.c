/*
 * Five workers add up numbers, each for itself. They are threads, and one of
 * them crashes.
 *
 *   1. workers 1, 2, 4 and 5 store their sums
 *   2. worker 3 finds its input damaged and aborts
 *   3. the process ends, all its threads at once
 *   4. main never prints                            four good sums are lost
 *
 * Threads share one address space, and the system cannot tell what a fault in
 * one of them has left of the memory of the others. So a signal of that kind ends
 * the process, whichever thread it was meant for.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define WORKERS 5
#define DAMAGED 3

struct job {
	pthread_t worker;
	int number;
	long sum;
};

static long limit;
static struct job jobs[WORKERS];

static void work(struct job *job)
{
	long sum = 0;

	if (job->number == DAMAGED)
		abort(); // a failed check; a wild pointer ends the same way
	for (long n = 1; n <= limit; n++)
		sum += n * job->number;
	job->sum = sum;
}

static void *run_worker(void *job)
{
	work(job);
	return NULL;
}

static void start_worker(struct job *job, int number)
{
	job->number = number;
	pthread_create(&job->worker, NULL, run_worker, job);
}

int main(int argc, char **argv)
{
	int finished = 0;

	limit = argc > 1 ? atol(argv[1]) : 100000;
	for (int i = 0; i < WORKERS; i++)
		start_worker(&jobs[i], i + 1);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(jobs[i].worker, NULL);
	for (int i = 0; i < WORKERS; i++)
		finished += jobs[i].sum != 0;
	printf("results %d of %d\n", finished, WORKERS);
	return 0;
}
