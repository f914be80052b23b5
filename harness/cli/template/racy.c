/*
 * Two clerks count visitors in one book, and neither keeps the other out.
 *
 *   1. clerk 1 reads the book             0
 *   2. clerk 2 reads the book             0
 *   3. clerk 1 writes what it read + 1    1
 *   4. clerk 2 writes what it read + 1    1   the visitor of step 3 is lost
 *
 * Between reading and writing each clerk greets the visitor, which takes a
 * millisecond; the other one reads the same number meanwhile.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

enum { CLERKS = 2 };

static long rounds;
static long visitors;

static void greet(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

static void *clerk(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long i = 0; i < rounds; i++) {
		long seen = visitors; // RACE: visitors

		greet();
		visitors = seen + 1; // RACE: visitors
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t clerks[CLERKS];

	rounds = argc > 1 ? atol(argv[1]) : 5;
	start_line_set();
	for (int i = 0; i < CLERKS; i++)
		pthread_create(&clerks[i], NULL, clerk, NULL);
	for (int i = 0; i < CLERKS; i++)
		pthread_join(clerks[i], NULL);
	printf("lost %ld\n", CLERKS * rounds - visitors);
	return 0;
}
