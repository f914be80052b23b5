/*
 * Two consumers empty a queue, batch by batch: they try to get an item, and are
 * told whether they got one.
 *
 * try_get decides and takes in one critical section, and it does not wait; there is
 * no time between the question and the answer. Whoever gets nothing knows that the
 * batch is at its end, and as main puts nothing before everybody has said so, that
 * stays true. Waiting with a time limit instead would turn the hang into a delay,
 * and a lock around empty() and get() would keep everybody out of a get that waits.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define BATCH 50

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects nr
static long nr; // items in the queue; which is which does not matter here
static long batches;
static pthread_barrier_t batch_ready, batch_done; // for main and both consumers

static void put(void)
{
	pthread_mutex_lock(&lock);
	nr++;
	pthread_mutex_unlock(&lock);
}

static bool try_get(void)
{
	pthread_mutex_lock(&lock);
	bool got = nr > 0;
	if (got)
		nr--;
	pthread_mutex_unlock(&lock);
	return got;
}

static void *consume(void *consumed)
{
	for (long i = 0; i < batches; i++) {
		pthread_barrier_wait(&batch_ready);
		while (try_get())
			++*(long *)consumed;
		pthread_barrier_wait(&batch_done);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static long consumed[2];
	pthread_t first, second;

	batches = argc > 1 ? atol(argv[1]) : 100;
	pthread_barrier_init(&batch_ready, NULL, 3);
	pthread_barrier_init(&batch_done, NULL, 3);
	pthread_create(&first, NULL, consume, &consumed[0]);
	pthread_create(&second, NULL, consume, &consumed[1]);
	for (long i = 0; i < batches; i++) {
		for (int item = 0; item < BATCH; item++)
			put();
		pthread_barrier_wait(&batch_ready);
		pthread_barrier_wait(&batch_done);
	}
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	pthread_barrier_destroy(&batch_done);
	pthread_barrier_destroy(&batch_ready);
	printf("%ld items lost\n", batches * BATCH - consumed[0] - consumed[1]);
	return 0;
}
