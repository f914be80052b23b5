/*
 * A generator with one owner: main alone resumes it, the producers post their items.
 *
 * While the consumer executes, main waits for it and cannot resume it again, so
 * nothing of the generator needs a lock. What the threads share instead is a queue,
 * and that is locked. A lock around generator_send() would keep the threads apart as
 * well, but the consumer would execute in one thread now and in another then: what its
 * code keeps across a yield, as a mutex it holds, would belong to the wrong thread.
 */
#define _GNU_SOURCE
#include "common.h"

#include <pthread.h>
#include <stdio.h>

#include "../../include/start_line.h"

static long rounds;
static long consumed;
static struct generator consumer;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects posted, and items from there on
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
static long *items, posted;

static void post(long item)
{
	pthread_mutex_lock(&lock);
	items[posted++] = item;
	pthread_cond_signal(&arrived);
	pthread_mutex_unlock(&lock);
}

// Waits until more than `taken` items have been posted, and says how many there are.
static long wait_for_more(long taken)
{
	long there;

	pthread_mutex_lock(&lock);
	while (posted <= taken)
		pthread_cond_wait(&arrived, &lock);
	there = posted;
	pthread_mutex_unlock(&lock);
	return there;
}

static void consume(void *generator)
{
	struct generator *self = generator;

	for (;;) {
		generator_yield(self);
		if (self->sent > 0)
			consumed++;
	}
}

static void *produce(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long n = 1; n <= rounds; n++)
		post(n);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t first, second;

	rounds = argc > 1 ? atol(argv[1]) : 1000;
	items = calloc((size_t)rounds, 2 * sizeof(*items));
	if (!items)
		return 1;
	generator_start(&consumer, consume);
	start_line_set();
	pthread_create(&first, NULL, produce, NULL);
	pthread_create(&second, NULL, produce, NULL);
	for (long taken = 0; taken < 2 * rounds;)
		for (long there = wait_for_more(taken); taken < there; taken++)
			generator_send(&consumer, items[taken]);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	printf("lost %ld\n", 2 * rounds - consumed);
	coroutine_destroy(&consumer.coroutine);
	free(items);
	return 0;
}
