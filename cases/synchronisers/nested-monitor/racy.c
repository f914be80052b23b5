/*
 * A store has a lock, and inside it a queue with a lock and a condition of its own.
 *
 *   1. the consumer locks the store
 *   2. it locks the queue, finds it empty, waits    the queue's lock is free
 *   3. the producer wants to lock the store         held by the consumer
 *   4. the consumer waits for an item that the producer cannot put
 *
 * Waiting gives up one lock, the one that belongs to the condition. All others that the
 * thread holds, it keeps while it sleeps. The queue is right and cannot know that it is
 * used inside another lock.
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
		pthread_cond_wait(&arrived, &queue_lock); // RACE: arrived
	queued--;
	pthread_mutex_unlock(&queue_lock);
}

static void store_put(void)
{
	pthread_mutex_lock(&store_lock); // RACE: store_lock
	sent++;
	queue_put();
	pthread_mutex_unlock(&store_lock);
}

static void store_get(void)
{
	pthread_mutex_lock(&store_lock);
	queue_get();
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
