/*
 * A generator that two threads resume.
 *
 *   1. first finds the consumer at rest      executing is false
 *   2. second finds it at rest as well       executing is false
 *   3. first sends 1 and resumes it          sent is 1
 *   4. second sends 1 and resumes it         sent is overwritten, and two threads run
 *                                            on the consumer's one stack
 *
 * A test and a mark are two steps. When they happen not to be split, the second thread
 * is refused and its item is lost, which is harmless in comparison. A generator does
 * without a lock because whoever resumes it waits for it to yield; within one thread
 * that is so.
 */
#define _GNU_SOURCE
#include "common.h"

#include <pthread.h>
#include <stdio.h>

#include "../../include/start_line.h"

static long rounds;
static long consumed;
static struct generator consumer;

static void consume(void *generator)
{
	struct generator *self = generator;

	for (;;) {
		generator_yield(self); // RACE: consumer
		if (self->sent > 0)    // RACE: sent
			consumed++;    // RACE: consumed
	}
}

static void *produce(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long n = 1; n <= rounds; n++)
		generator_send(&consumer, n); // RACE: consumer
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
