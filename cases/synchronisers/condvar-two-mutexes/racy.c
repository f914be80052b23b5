/*
 * Producer and consumer of one queue each have a lock of their own, and share a condition.
 *
 *   1. the producer holds put_lock, reads count    1
 *   2. the consumer holds get_lock, reads count    1
 *   3. the producer writes count                   2
 *   4. the consumer writes count                   0   the new item is lost
 *
 * Two locks were to let both sides work at once. But both change the count, and neither
 * lock keeps the other side out. Nor can a signal under the one lock be sure to find a
 * waiter that tests under the other; and waiting on one condition with two mutexes at the
 * same time is undefined.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PLACES 4

static pthread_mutex_t put_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t get_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long count; // items in the queue
static long items;

static void move_item(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
}

static void put(void)
{
	pthread_mutex_lock(&put_lock);
	while (count == PLACES)                         // RACE: count
		pthread_cond_wait(&changed, &put_lock); // RACE: changed
	long place = count;                             // RACE: count
	move_item();
	count = place + 1;             // RACE: count
	pthread_cond_signal(&changed); // RACE: changed
	pthread_mutex_unlock(&put_lock);
}

static void get(void)
{
	pthread_mutex_lock(&get_lock);
	while (count == 0)                              // RACE: count
		pthread_cond_wait(&changed, &get_lock); // RACE: changed
	long place = count - 1;                         // RACE: count
	move_item();
	count = place;                 // RACE: count
	pthread_cond_signal(&changed); // RACE: changed
	pthread_mutex_unlock(&get_lock);
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
	pthread_t producer, consumer;

	items = argc > 1 ? atol(argv[1]) : 200;
	pthread_create(&producer, NULL, produce, NULL);
	pthread_create(&consumer, NULL, consume, NULL);
	pthread_join(producer, NULL);
	pthread_join(consumer, NULL);
	printf("items left %ld\n", count);
	return 0;
}
