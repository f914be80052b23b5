/*
 * Two workers of a pool read numbers from texts. One text is no number.
 *
 *   1. a worker runs the task for "x3"    it fails and returns -1
 *   2. the worker takes the next task     what the last one returned is gone
 *   3. main adds up all values            with 0 for "x3", as if it had said so
 *
 * In a plain call the error goes to the caller. A task is called by its worker, which
 * does not know what to do about an error; the one that does waits for the result, and
 * is told only that there is one.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define WORKERS   2
#define MAX_TASKS 1000
#define DAMAGED   3

struct future {
	char text[32];
	long value;
};

static long tasks;
static atomic_long next_task;
static struct future futures[MAX_TASKS];

static int parse(const char *text, long *value)
{
	char *end;

	*value = strtol(text, &end, 10);
	return *end ? -1 : 0;
}

static void run(struct future *future)
{
	parse(future->text, &future->value); // RACE: futures
}

static void *work(void *unused)
{
	(void)unused;
	for (long task; (task = next_task++) < tasks;)
		run(&futures[task]);
	return NULL;
}

static void print_sum(void)
{
	long sum = 0;

	for (long i = 0; i < tasks; i++)
		sum += futures[i].value;
	printf("sum %ld\n", sum);
}

int main(int argc, char **argv)
{
	pthread_t workers[WORKERS];

	tasks = argc > 1 ? atol(argv[1]) : 5;
	tasks = tasks < MAX_TASKS ? tasks : MAX_TASKS;
	for (long i = 0; i < tasks; i++)
		snprintf(futures[i].text, sizeof(futures[i].text), "%s%ld", i == DAMAGED ? "x" : "",
			 i);
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, work, NULL);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	print_sum();
	return 0;
}
