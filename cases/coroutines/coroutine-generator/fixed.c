/*
 * A generator with a lock: each thread that sends an item holds the lock until the
 * generator yields.
 *
 * Whoever resumes the generator has it alone, from the test of `executing` until the
 * generator wants the next item, and what it was sent and where it goes on are never
 * overwritten. The consumer executes in one thread now and in another then, so its code
 * must keep nothing across a yield that belongs to a thread, such as a mutex it holds
 * or the address of a thread-local variable. Where it does, one thread has to own the
 * generator, and the others post their items to it by a queue.
 */
#define _GNU_SOURCE
#include "common.h"

#include <pthread.h>
#include <stdio.h>

#include "../../include/start_line.h"

static long rounds;
static long consumed;
static struct generator consumer;
static pthread_mutex_t consumer_lock = PTHREAD_MUTEX_INITIALIZER; // held to resume consumer

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
	for (long n = 1; n <= rounds; n++) {
		pthread_mutex_lock(&consumer_lock);
		generator_send(&consumer, n);
		pthread_mutex_unlock(&consumer_lock);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t first, second;

	rounds = argc > 1 ? atol(argv[1]) : 1000;
	generator_start(&consumer, consume);
	start_line_set();
	pthread_create(&first, NULL, produce, NULL);
	pthread_create(&second, NULL, produce, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	printf("lost %ld\n", 2 * rounds - consumed);
	coroutine_destroy(&consumer.coroutine);
	return 0;
}
