/*
 * One producer and two consumers use a ring buffer without any lock.
 *
 *   1. one item is left                     head 5, tail 6
 *   2. both consumers test head < tail      true
 *   3. one takes the item from place 5      head 6
 *   4. the other takes from place 6         head 7: an item of a round ago
 *   5. the producer puts into place 6       tail 7: this item is skipped
 *
 * Had both read head in steps 3 and 4 before either wrote it, both would have taken
 * the item from place 5. And nothing says that an item is in its place before the
 * tail that announces it: a consumer may take what the place held a round before.
 */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define PLACES 8

struct queue {
	long ring[PLACES];
	long head, tail; // taken and put so far
	bool finished;   // nothing more will be put
};

static struct queue queue;
static long items;

static void put(struct queue *q, long item)
{
	while (q->tail - q->head >= PLACES) // RACE: queue
		sched_yield();
	q->ring[q->tail++ % PLACES] = item; // RACE: queue
}

static bool get(struct queue *q, long *item)
{
	bool got;

	while (q->head >= q->tail && !q->finished) // RACE: queue
		sched_yield();
	got = q->head < q->tail; // RACE: queue
	if (got)
		*item = q->ring[q->head++ % PLACES]; // RACE: queue
	return got;
}

static void *produce(void *argument)
{
	struct queue *q = argument;

	for (long i = 1; i <= items; i++)
		put(q, i);
	q->finished = true; // RACE: queue
	return NULL;
}

static void *consume(void *sum)
{
	for (long item; get(&queue, &item);)
		*(long *)sum += item;
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t producer, consumers[2];
	long sums[2] = { 0, 0 };

	items = argc > 1 ? atol(argv[1]) : 50000;
	pthread_create(&producer, NULL, produce, &queue);
	pthread_create(&consumers[0], NULL, consume, &sums[0]);
	pthread_create(&consumers[1], NULL, consume, &sums[1]);
	pthread_join(producer, NULL);
	pthread_join(consumers[0], NULL);
	pthread_join(consumers[1], NULL);
	printf("sum off by %ld\n", sums[0] + sums[1] - items * (items + 1) / 2);
	return 0;
}
