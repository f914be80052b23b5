/*
 * Five threads meet at a barrier for three: the last two wait for ever.
 *
 *   1. the first worker arrives    1 of 3
 *   2. the second arrives          2 of 3
 *   3. the third arrives           3 of 3, all three go on and the barrier starts anew
 *   4. the fourth arrives          1 of 3
 *   5. the fifth arrives           2 of 3, and there is no sixth
 *
 * A barrier opens for full groups only. The number of threads and the size of
 * the group stand in two places, and five is no multiple of three.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CREW    3
#define WORKERS 5

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
