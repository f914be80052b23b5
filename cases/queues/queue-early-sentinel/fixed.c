/*
 * Two producers put items into one queue, and the last to finish puts the end.
 *
 * A producer that finds itself to be the last knows that all others have put their items
 * before, as it counted itself out under the same lock. So the end is behind everything.
 * Counting ends in the consumer, one for each producer, is as good; main could also join
 * the producers and put the end itself.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define PRODUCERS 2
#define THE_END   (-1)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects all below
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static int *queue; // with room for everything
static long put_nr, taken_nr;
static int producing = PRODUCERS;

static void put(int item)
{
	pthread_mutex_lock(&lock);
	queue[put_nr++] = item;
	pthread_cond_signal(&arrived);
	pthread_mutex_unlock(&lock);
}

static int get(void)
{
	int item;

	pthread_mutex_lock(&lock);
	while (taken_nr == put_nr)
		pthread_cond_wait(&arrived, &lock);
	item = queue[taken_nr++];
	pthread_mutex_unlock(&lock);
	return item;
}

static bool is_last_producer(void)
{
	bool last;

	pthread_mutex_lock(&lock);
	last = --producing == 0;
	pthread_mutex_unlock(&lock);
	return last;
}

static void *produce(void *items)
{
	start_line_wait();
	for (long i = 0; i < *(const long *)items; i++)
		put(1);
	if (is_last_producer())
		put(THE_END);
	return NULL;
}

int main(int argc, char **argv)
{
	long scale = argc > 1 ? atol(argv[1]) : 2000, lost = 3 * scale;
	long items[PRODUCERS] = { scale, 2 * scale };
	pthread_t producers[PRODUCERS];

	queue = calloc((size_t)lost + PRODUCERS, sizeof(*queue));
	if (!queue)
		return 1;
	start_line_set();
	for (int i = 0; i < PRODUCERS; i++)
		pthread_create(&producers[i], NULL, produce, &items[i]);
	while (get() != THE_END)
		lost--;
	for (int i = 0; i < PRODUCERS; i++)
		pthread_join(producers[i], NULL);
	free(queue);
	printf("lost items %ld\n", lost);
	return 0;
}
