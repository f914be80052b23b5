/*
 * The result of a thread is a field of its task. main polls the plain flag
 * `done` and reads the field when the flag is up.
 *
 *   1. main reads task.done                     false
 *   2. the thread stores its result             8 to the power of 20
 *   3. the thread sets task.done                true
 *   4. main polls on with what it read first    false, a billion times
 *   5. main gives up                            the result is there, and is not seen
 *
 * Nothing in the loop can change a plain variable as far as the compiler knows,
 * so it may read the flag once, before the loop. And even where the flag is read
 * each time, nothing says that the result is to be seen before the flag.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define POLLS 1000000000L // a second and more

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

static void await_result(void)
{
	for (long polls = 0; polls < POLLS && !task.done; polls++) // RACE: task
		;                                                  // soon
}

int main(int argc, char **argv)
{
	pthread_t thread;

	task_ms = argc > 1 ? atol(argv[1]) : 2000;
	pthread_create(&thread, NULL, long_time_task, NULL);
	await_result();
	printf("result %llu\n", task.result); // RACE: task
	pthread_join(thread, NULL);
	return 0;
}
