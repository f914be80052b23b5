/*
 * A queue whose waiting is done with `while`: who wakes up looks again.
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

static void *consume(void *unused)
{
	long sum = 0;

	(void)unused;
	for (long i = 0; i < items; i++)
		sum += get();
	return (void *)sum;
}

int main(int argc, char **argv)
{
	pthread_t producer, first, second;
	void *sums[2];

	items = argc > 1 ? atol(argv[1]) : 2000;
	pthread_create(&first, NULL, consume, NULL);
	pthread_create(&second, NULL, consume, NULL);
	pthread_create(&producer, NULL, produce, NULL);
	pthread_join(first, &sums[0]);
	pthread_join(second, &sums[1]);
	pthread_join(producer, NULL);
	printf("sum off by %ld\n", (long)sums[0] + (long)sums[1] - items * (2 * items + 1));
	return 0;
}
