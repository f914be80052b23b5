/*
 * A server starts a thread for each request and never asks for it again.
 *
 *   1. the thread of request 1 answers and ends    its stack is kept for a join
 *   2. so does that of request 2, of request 3 ...
 *   3. the stacks of past requests fill the address space
 *   4. pthread_create fails                        and nobody looks
 *
 * A thread that can be joined stays, as a stack and a result, until it is joined. A
 * program that is to run for months must end each one by a join, or detach it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects answered
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long answered;

static void *answer(void *unused)
{
	pthread_mutex_lock(&lock);
	answered++;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void wait_for_answers(long nr)
{
	pthread_mutex_lock(&lock);
	while (answered < nr)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

int main(int argc, char **argv)
{
	long requests = argc > 1 ? atol(argv[1]) : 20;

	for (long i = 0; i < requests; i++) {
		pthread_t thread;

		pthread_create(&thread, NULL, answer, NULL); // RACE: thread
		wait_for_answers(i + 1);
	}
	printf("answered %ld\n", answered);
	return 0;
}
