/*
 * Two crews of three threads meet at a barrier for three.
 *
 * The number of workers is said in crews, so the two numbers cannot drift apart
 * again: whoever changes the size of a crew changes the number of threads with
 * it. pthread_barrier_wait has no time-out and a waiting thread cannot take back
 * its arrival, so the numbers must be right before the first thread starts.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CREW    3
#define WORKERS (2 * CREW)

static long rounds;
static long boxes[WORKERS];
static pthread_barrier_t crew;

static void *pack_boxes(void *own_boxes)
{
	long *packed = own_boxes;

	for (long i = 0; i < rounds; i++)
		*packed += 1;
	pthread_barrier_wait(&crew);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t workers[WORKERS];
	long missing = WORKERS;

	rounds = argc > 1 ? atol(argv[1]) : 100;
	pthread_barrier_init(&crew, NULL, CREW);
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, pack_boxes, &boxes[i]);
	for (int i = 0; i < WORKERS; i++) {
		pthread_join(workers[i], NULL);
		missing -= boxes[i] == rounds;
	}
	pthread_barrier_destroy(&crew);
	printf("missing workers %ld\n", missing);
	return 0;
}
