/*
 * A queue whose waiting is done with `if`: a woken thread takes what it finds.
 *
 *   1. first finds the queue empty, waits
 *   2. the producer puts item 7 and signals    first is to wake up, needs the lock
 *   3. second comes along, finds item 7, takes it
 *   4. first gets the lock and does not look again: count goes to -1, and what it
 *      takes from the empty place is an item of long ago
 *
 * A signal says that something has changed, not that it is still so when the
 * waiter gets the lock. pthread_cond_wait may even return without any signal. All
 * accesses are locked: there is no data race.
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
	if (count == PLACES)
		pthread_cond_wait(&not_full, &lock);
	ring[tail++ % PLACES] = item;
	count++; // RACE: count
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
}

static long get(void)
{
	pthread_mutex_lock(&lock);
	if (count == 0) // RACE: count
		pthread_cond_wait(&not_empty, &lock);
	long item = ring[head++ % PLACES];
	count--; // RACE: count
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
