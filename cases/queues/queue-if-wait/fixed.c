/*
 * A queue whose waiting is done with `while`: a woken thread looks again.
 *
 * The condition is tested under the lock right before it is used, so it holds
 * whoever came in between signal and wake-up, and whatever woke the thread. Waiting
 * in a loop is the rule for every condition variable, the producer's included: it
 * is alone today, and would be as wrong as the consumers with a second one. To
 * signal each waiter separately cannot replace it, since the lock goes to whoever
 * comes first.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define PLACES 4

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects all of the queue
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static long ring[PLACES];
static long count;      // items in the queue
static long head, tail; // taken and put so far
static long items;      // for each consumer

static void put(long item)
{
	pthread_mutex_lock(&lock);
	while (count == PLACES)
		pthread_cond_wait(&not_full, &lock);
	ring[tail++ % PLACES] = item;
	count++;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
}

static long get(void)
{
	pthread_mutex_lock(&lock);
	while (count == 0)
		pthread_cond_wait(&not_empty, &lock);
	long item = ring[head++ % PLACES];
	count--;
	pthread_cond_signal(&not_full);
	pthread_mutex_unlock(&lock);
	return item;
}

static void *produce(void *unused)
{
	(void)unused;
	for (long i = 1; i <= 2 * items; i++)
		put(i);
	return NULL;
}

static void *consume(void *sum)
{
	for (long i = 0; i < items; i++)
		*(long *)sum += get();
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t producer, first, second;
	long sums[2] = { 0, 0 };

	items = argc > 1 ? atol(argv[1]) : 2000;
	pthread_create(&first, NULL, consume, &sums[0]);
	pthread_create(&second, NULL, consume, &sums[1]);
	pthread_create(&producer, NULL, produce, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	pthread_join(producer, NULL);
	printf("sum off by %ld\n", sums[0] + sums[1] - items * (2 * items + 1));
	return 0;
}
