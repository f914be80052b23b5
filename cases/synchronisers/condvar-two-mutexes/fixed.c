/*
 * Producer and consumer of one queue share its lock and its condition.
 *
 * What both sides change is protected by one lock, and the condition belongs to that lock:
 * a signal under it comes before the test of the other side or finds it asleep. Two locks
 * can work where the two sides share nothing but two counters that are passed on
 * atomically, and then each side needs a condition of its own.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PLACES 4

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects count
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long count; // items in the queue
static long items;

static void move_item(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
}

static void put(void)
{
	pthread_mutex_lock(&lock);
	while (count == PLACES)
		pthread_cond_wait(&changed, &lock);
	long place = count;
	move_item();
	count = place + 1;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

static void get(void)
{
	pthread_mutex_lock(&lock);
	while (count == 0)
		pthread_cond_wait(&changed, &lock);
	long place = count - 1;
	move_item();
	count = place;
	pthread_cond_signal(&changed);
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
	pthread_t producer, consumer;

	items = argc > 1 ? atol(argv[1]) : 200;
	pthread_create(&producer, NULL, produce, NULL);
	pthread_create(&consumer, NULL, consume, NULL);
	pthread_join(producer, NULL);
	pthread_join(consumer, NULL);
	printf("items left %ld\n", count);
	return 0;
}
