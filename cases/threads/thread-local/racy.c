/*
 * Each thread keeps its student in a global variable and greets it from a
 * function further down. The variable exists once, the threads are two.
 *
 *   1. Thread-A sets student      Alice
 *   2. Thread-B sets student      Bob
 *   3. Thread-A greets student    Bob     Alice is greeted as Bob
 *   4. Thread-B greets student    Bob
 *
 * A global saves passing the student through every call, and with one thread
 * that works. It says "the student", though each thread means its own.
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
static const char *student;

static void process_student(struct lesson *lesson)
{
	const size_t size = sizeof(lesson->greeting);
	int used = snprintf(lesson->greeting, size, "%s: hello, ", lesson->thread);

	snprintf(lesson->greeting + used, size - (size_t)used, "%s", student); // RACE: student
}

static void *process_thread(void *argument)
{
	struct lesson *lesson = argument;

	start_line_wait();
	for (long i = 0; i < rounds; i++) {
		student = lesson->name; // RACE: student
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
