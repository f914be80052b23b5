/*
 * One producer and two consumers use a ring buffer without any lock.
 *
 *   1. both consumers read head           5
 *   2. both take the item in place 5      it is consumed twice
 *   3. one writes head                    6
 *   4. the other writes the same          6, or 7 if it read head again: then
 *                                         item 6 is skipped
 *
 * The test for an empty queue, the taking and `head++` can each be split by the
 * other consumer. And nothing says that an item is in its place before the tail
 * that announces it: a consumer may take what the place held a round before.
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

static void *consume(void *q)
{
	long sum = 0;

	for (long item; get(q, &item);)
		sum += item;
	return (void *)sum;
}

int main(int argc, char **argv)
{
	pthread_t producer, consumers[2];
	void *sums[2];

	items = argc > 1 ? atol(argv[1]) : 50000;
	pthread_create(&producer, NULL, produce, &queue);
	pthread_create(&consumers[0], NULL, consume, &queue);
	pthread_create(&consumers[1], NULL, consume, &queue);
	pthread_join(producer, NULL);
	pthread_join(consumers[0], &sums[0]);
	pthread_join(consumers[1], &sums[1]);
	printf("sum off by %ld\n", (long)sums[0] + (long)sums[1] - items * (items + 1) / 2);
	return 0;
}
