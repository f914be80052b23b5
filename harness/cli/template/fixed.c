/*
 * Two clerks count visitors in one book, and one at a time has it.
 *
 * The lock is held from reading to writing, so what a clerk writes is one more
 * than what stands in the book. A lock around the reading and another around
 * the writing would not do: the other clerk could read in between.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

enum { CLERKS = 2 };

static long rounds;
static long visitors;
static pthread_mutex_t book_lock = PTHREAD_MUTEX_INITIALIZER; // protects visitors

static void greet(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

static void *clerk(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long i = 0; i < rounds; i++) {
		pthread_mutex_lock(&book_lock);
		long seen = visitors;

		greet();
		visitors = seen + 1;
		pthread_mutex_unlock(&book_lock);
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
