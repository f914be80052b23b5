/*
 * The result of a thread is a field of its task. main polls the plain flag
 * `done` and reads the field when the flag is up.
 *
 *   1. main reads task.done                 false
 *   2. main goes on with what it has read   false, however often it "polls"
 *   3. main gives up
 *   4. the thread stores its result         8 to the power of 20
 *   5. the thread sets task.done            true, and nobody looks any more
 *
 * As far as the compiler knows, nothing changes a plain variable during the loop.
 * So an optimised build reads the flag once; the other polls would say the same
 * and are left out, and main gives up at once instead of after seconds. Without
 * optimisation the flag is read each time and seen, but even then nothing orders
 * the result before it.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MOST_POLLS 1000000000L

struct task {
	unsigned long long result;
	bool done;
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
	task.result = power; // RACE: task
	task.done = true;    // RACE: task
	return NULL;
}

static bool await_result(void)
{
	for (long polls = 0; polls < MOST_POLLS; polls++)
		if (task.done) // RACE: task
			return true;
	return false;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	task_ms = argc > 1 ? atol(argv[1]) : 2000;
	pthread_create(&thread, NULL, long_time_task, NULL);
	if (await_result())
		printf("result %llu\n", task.result); // RACE: task
	else
		printf("gave up\n");
	pthread_join(thread, NULL);
	return 0;
}
