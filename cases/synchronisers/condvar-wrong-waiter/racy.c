/*
 * Two producers and two consumers share a queue with one place, and one condition.
 *
 *   1. both consumers find the queue empty and wait
 *   2. a producer puts an item and signals      consumer 1 is to wake up
 *   3. both producers find the queue full and wait
 *   4. consumer 1 takes the item and signals    consumer 2 wakes, no producer
 *   5. consumer 2 finds the queue empty and waits; so does consumer 1
 *   6. all four wait, and the queue is empty
 *
 * A signal wakes one waiter, whichever it likes. Where waiters wait for different
 * things, it may be one that can do nothing with it, and then the signal is used up.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define PLACES 1

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;  // protects count
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER; // for producers and consumers
static long count;                                        // items in the queue
static long items;                                        // of each thread

static void put(void)
{
	pthread_mutex_lock(&lock);
	while (count == PLACES)
		pthread_cond_wait(&changed, &lock); // RACE: changed
	count++;
	pthread_cond_signal(&changed); // RACE: changed
	pthread_mutex_unlock(&lock);
}

static void get(void)
{
	pthread_mutex_lock(&lock);
	while (count == 0)
		pthread_cond_wait(&changed, &lock); // RACE: changed
	count--;
	pthread_cond_signal(&changed); // RACE: changed
	pthread_mutex_unlock(&lock);
}

static void *produce(void *unused)
{
	for (long i = 0; i < items; i++)
		put();
	return unused;
}

static void *consume(void *unused)
{
	for (long i = 0; i < items; i++)
		get();
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[4];

	items = argc > 1 ? atol(argv[1]) : 20000;
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, i < 2 ? consume : produce, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	printf("items left %ld\n", count);
	return 0;
}
