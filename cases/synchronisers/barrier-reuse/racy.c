/*
 * Three threads meet after every round at a barrier of their own making. Whoever
 * leaves it sets the count back to 0, ready for the next round.
 *
 *   1. A and B arrive and wait              arrived is 2
 *   2. C arrives, wakes them and leaves     arrived is 0
 *   3. A leaves, is quick, arrives again    arrived is 1, A waits
 *   4. B leaves                             arrived is 0, A's arrival is wiped out
 *   5. B and C arrive for the next round    arrived is 2, and there is no third
 *
 * The first time it works. When it is used again, the leaving of one round and
 * the arriving of the next overlap, and one count serves both.
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
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t complete = PTHREAD_COND_INITIALIZER;
static int arrived;

static void meet(void)
{
	pthread_mutex_lock(&lock);
	arrived += 1;       // RACE: arrived
	if (arrived < CREW) // RACE: arrived
		pthread_cond_wait(&complete, &lock);
	else
		pthread_cond_broadcast(&complete);
	pthread_mutex_unlock(&lock);
	arrived = 0; // RACE: arrived
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
	for (int i = 0; i < CREW; i++)
		pthread_create(&crew[i].thread, NULL, work, &crew[i]);
	for (int i = 0; i < CREW; i++) {
		pthread_join(crew[i].thread, NULL);
		missed += rounds - crew[i].met;
	}
	printf("missed meetings %ld\n", missed);
	return 0;
}
