/*
 * Two producers and two consumers share a queue with one place, and each side has a
 * condition of its own.
 *
 * Whoever waits on a condition waits for the same thing, so it does not matter which of
 * them a signal wakes: it can use it. With one condition for all, the signal would have
 * to be a broadcast, and all but one of those that it wakes would go back to sleep.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define PLACES 1

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects count
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static long count; // items in the queue
static long items; // of each thread

static void put(void)
{
	pthread_mutex_lock(&lock);
	while (count == PLACES)
		pthread_cond_wait(&not_full, &lock);
	count++;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
}

static void get(void)
{
	pthread_mutex_lock(&lock);
	while (count == 0)
		pthread_cond_wait(&not_empty, &lock);
	count--;
	pthread_cond_signal(&not_full);
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
