/*
 * Three threads meet after every round at a pthread barrier.
 *
 * pthread_barrier_wait keeps the rounds apart: it is ready for the next one as
 * soon as it opens, however late the last of this one leaves. Setting the count
 * back under the lock would not do, as the count would still belong to two rounds;
 * a barrier by hand needs a number of the round to wait for, and that is what the
 * library's has.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CREW 3

struct worker {
	pthread_t thread;
	useconds_t work_us; // what a round takes it, 0 for next to nothing
	long met;
};

static long rounds;
static pthread_barrier_t complete;

static void meet(void)
{
	pthread_barrier_wait(&complete);
}

static void *work(void *argument)
{
	struct worker *worker = argument;

	for (long i = 0; i < rounds; i++) {
		if (worker->work_us)
			usleep(worker->work_us);
		meet();
		worker->met += 1;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct worker crew[CREW] = { { .work_us = 0 }, { .work_us = 0 }, { .work_us = 500 } };
	long missed = 0;

	rounds = argc > 1 ? atol(argv[1]) : 50;
	pthread_barrier_init(&complete, NULL, CREW);
	for (int i = 0; i < CREW; i++)
		pthread_create(&crew[i].thread, NULL, work, &crew[i]);
	for (int i = 0; i < CREW; i++) {
		pthread_join(crew[i].thread, NULL);
		missed += rounds - crew[i].met;
	}
	pthread_barrier_destroy(&complete);
	printf("missed meetings %ld\n", missed);
	return 0;
}
