/*
 * A server starts a thread for each request, and detaches it.
 *
 * What a detached thread leaves is given back when it ends, whether anybody looks or not.
 * Nobody can wait for it any more, which is why the answers are counted: work that must
 * not be cut off at the end of the program needs such a count, or a join.
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

		pthread_create(&thread, NULL, answer, NULL);
		pthread_detach(thread);
		wait_for_answers(i + 1);
	}
	printf("answered %ld\n", answered);
	return 0;
}
