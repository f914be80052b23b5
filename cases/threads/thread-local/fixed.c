/*
 * Each thread keeps its student in a variable that exists once per thread.
 *
 * _Thread_local gives every thread a student of its own under the one name, so
 * neither can see or change the other's, and no lock is needed. A lock would
 * only repair this if it were held from the setting to the last use, and then
 * the threads would take turns for no reason: they have nothing to share. Where
 * the signatures can be changed, passing the student down is as good.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

struct lesson {
	const char *thread;
	const char *name;
	char greeting[64]; // the last one, read after the join
};

static long rounds;
static _Thread_local const char *student;

static void process_student(struct lesson *lesson)
{
	const size_t size = sizeof(lesson->greeting);
	int used = snprintf(lesson->greeting, size, "%s: hello, ", lesson->thread);

	snprintf(lesson->greeting + used, size - (size_t)used, "%s", student);
}

static void *process_thread(void *argument)
{
	struct lesson *lesson = argument;

	start_line_wait();
	for (long i = 0; i < rounds; i++) {
		student = lesson->name;
		process_student(lesson);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct lesson alice = { "Thread-A", "Alice", "" }, bob = { "Thread-B", "Bob", "" };
	pthread_t a, b;

	rounds = argc > 1 ? atol(argv[1]) : 1;
	start_line_set();
	pthread_create(&a, NULL, process_thread, &alice);
	pthread_create(&b, NULL, process_thread, &bob);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	printf("%s; %s\n", alice.greeting, bob.greeting);
	return 0;
}
