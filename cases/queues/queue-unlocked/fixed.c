/*
 * One producer and two consumers use a ring buffer behind one lock.
 *
 * Test and use are one critical section: nobody can come in between, and an item
 * is seen together with the tail that announces it. A thread that finds the queue
 * full or empty sleeps until signalled. An atomic head would only stop the double taking.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define PLACES 8

struct queue {
	pthread_mutex_t lock; // protects all below
	pthread_cond_t not_full, not_empty;
	long ring[PLACES];
	long head, tail; // taken and put so far
	bool finished;   // nothing more will be put
};

static struct queue queue = { .lock = PTHREAD_MUTEX_INITIALIZER,
			      .not_full = PTHREAD_COND_INITIALIZER,
			      .not_empty = PTHREAD_COND_INITIALIZER };
static long items;

static void put(struct queue *q, long item)
{
	pthread_mutex_lock(&q->lock);
	while (q->tail - q->head >= PLACES)
		pthread_cond_wait(&q->not_full, &q->lock);
	q->ring[q->tail++ % PLACES] = item;
	pthread_cond_signal(&q->not_empty);
	pthread_mutex_unlock(&q->lock);
}

static bool get(struct queue *q, long *item)
{
	bool got;

	pthread_mutex_lock(&q->lock);
	while (q->head >= q->tail && !q->finished)
		pthread_cond_wait(&q->not_empty, &q->lock);
	got = q->head < q->tail;
	if (got)
		*item = q->ring[q->head++ % PLACES];
	pthread_cond_signal(&q->not_full);
	pthread_mutex_unlock(&q->lock);
	return got;
}

static void *produce(void *argument)
{
	struct queue *q = argument;

	for (long i = 1; i <= items; i++)
		put(q, i);
	pthread_mutex_lock(&q->lock);
	q->finished = true;
	pthread_cond_broadcast(&q->not_empty);
	pthread_mutex_unlock(&q->lock);
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
