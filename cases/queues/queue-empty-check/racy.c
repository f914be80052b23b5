/*
 * Two consumers empty a queue, batch by batch: they ask whether it is empty, and
 * get an item if it is not.
 *
 *   1. first asks empty     one item is left: no
 *   2. second asks empty    one item is left: no
 *   3. second gets the item, which is the last of the batch
 *   4. first gets           the queue is empty, so get waits for an item that
 *                           comes with the next batch, which waits for first
 *
 * empty() and get() are both right and both lock, but between the two calls the
 * queue belongs to everybody. With one consumer it works: nobody else can take what
 * it has seen. With two it works until they meet at the last item.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define BATCH 50

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects nr
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static long nr; // items in the queue; which is which does not matter here
static long batches;
static pthread_barrier_t batch_ready, batch_done; // for main and both consumers

static void put(void)
{
	pthread_mutex_lock(&lock);
	nr++;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
}

static bool empty(void)
{
	pthread_mutex_lock(&lock);
	bool answer = nr == 0; // RACE: nr
	pthread_mutex_unlock(&lock);
	return answer;
}

static void get(void)
{
	pthread_mutex_lock(&lock);
	while (nr == 0) // RACE: nr
		pthread_cond_wait(&not_empty, &lock);
	nr--; // RACE: nr
	pthread_mutex_unlock(&lock);
}

static void *consume(void *consumed)
{
	for (long i = 0; i < batches; i++) {
		pthread_barrier_wait(&batch_ready);
		while (!empty()) {
			get();
			++*(long *)consumed;
		}
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
