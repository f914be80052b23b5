/*
 * Two workers of a pool read numbers from texts, and a future carries the error of its task.
 *
 * The error travels the same way as the value, so it comes to whoever wants the value,
 * and there is no value to be used by mistake. Python's futures raise the exception again
 * in result(); a future in C has to be asked. A worker that ended the program at the first
 * error would decide for a caller whom it does not know.
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
	int error; // not 0: there is no value
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
	future->error = parse(future->text, &future->value);
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
	int error = 0;

	for (long i = 0; i < tasks; i++) {
		error |= futures[i].error;
		sum += futures[i].value;
	}
	if (error)
		printf("no sum: a task failed\n");
	else
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
