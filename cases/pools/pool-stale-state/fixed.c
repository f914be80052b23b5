/*
 * Five workers add up the numbers of fifteen tasks, and each task starts from 0.
 *
 * A task sets everything that it finds in its worker before it uses it, so it does not
 * matter what ran there before. Clearing at the end of a task would do as long as no task
 * leaves early. A plain variable of add_up, passed down to add, would be better still:
 * it cannot outlive its task.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define WORKERS   5
#define MAX_TASKS 1000

static long tasks;
static atomic_long next_task;
static long results[MAX_TASKS];
static _Thread_local long sum; // of the task that this worker is running

static void add(long number)
{
	sum += number;
}

static long add_up(long first, long last)
{
	sum = 0;
	for (long n = first; n <= last; n++)
		add(n);
	return sum;
}

static void *work(void *unused)
{
	(void)unused;
	for (long task; (task = next_task++) < tasks;)
		results[task] = add_up(1, 10);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t workers[WORKERS];
	long wrong = 0;

	tasks = argc > 1 ? atol(argv[1]) : 15;
	tasks = tasks < MAX_TASKS ? tasks : MAX_TASKS;
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, work, NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	for (long i = 0; i < tasks; i++)
		wrong += results[i] != 55;
	printf("wrong sums %ld\n", wrong);
	return 0;
}
