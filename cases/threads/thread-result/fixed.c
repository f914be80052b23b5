/*
 * The result of a thread is a field of its task. main joins the thread, then
 * reads the field.
 *
 * pthread_join returns when the thread has ended, and all that it wrote can be
 * seen from then on: no flag is needed, no time is guessed, no processor is kept
 * busy by asking. Where a result is wanted before the thread ends, the flag has
 * to be atomic, stored with release and loaded with acquire, or the two belong
 * under a mutex with a condition variable; `volatile` would make the loop read
 * the flag, but says nothing about the result.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct task {
	unsigned long long result;
};

static long task_ms;
static struct task task;

static void *long_time_task(void *unused)
{
	struct timespec duration = { task_ms / 1000, task_ms % 1000 * 1000000 };
	unsigned long long power = 1;

	(void)unused;
	nanosleep(&duration, NULL);
	for (int i = 0; i < 20; i++)
		power *= 8;
	task.result = power;
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	task_ms = argc > 1 ? atol(argv[1]) : 2000;
	pthread_create(&thread, NULL, long_time_task, NULL);
	pthread_join(thread, NULL);
	printf("result %llu\n", task.result);
	return 0;
}
