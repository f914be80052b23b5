/*
 * A store has a lock, and waits for its queue before it takes it.
 *
 * The consumer sleeps without any lock but the queue's, so the producer gets in. What
 * the store's lock protects does not need the waiting inside. Where it does, queue and
 * store have to share one lock, which the waiting then gives up.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t store_lock = PTHREAD_MUTEX_INITIALIZER; // protects received, sent
static long received, sent;

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER; // protects queued
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static long queued;

static long items;

static void queue_put(void)
{
	pthread_mutex_lock(&queue_lock);
	queued++;
	pthread_cond_signal(&arrived);
	pthread_mutex_unlock(&queue_lock);
}

static void queue_get(void)
{
	pthread_mutex_lock(&queue_lock);
	while (queued == 0)
		pthread_cond_wait(&arrived, &queue_lock);
	queued--;
	pthread_mutex_unlock(&queue_lock);
}

static void store_put(void)
{
	pthread_mutex_lock(&store_lock);
	sent++;
	queue_put();
	pthread_mutex_unlock(&store_lock);
}

static void store_get(void)
{
	queue_get();
	pthread_mutex_lock(&store_lock);
	received++;
	pthread_mutex_unlock(&store_lock);
}

static void make_item(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 50000 }, NULL);
}

static void *consume(void *unused)
{
	for (long i = 0; i < items; i++)
		store_get();
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t consumer;

	items = argc > 1 ? atol(argv[1]) : 100;
	pthread_create(&consumer, NULL, consume, NULL);
	for (long i = 0; i < items; i++) {
		make_item();
		store_put();
	}
	pthread_join(consumer, NULL);
	printf("not received %ld\n", sent - received);
	return 0;
}
