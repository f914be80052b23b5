/*
 * A generator that two threads resume.
 *
 *   1. first finds the consumer at rest, marks it as executing and resumes it
 *   2. second finds it executing: refused, the items that second still has are lost
 *   3. the consumer wants the next item and is at rest again, too late for second
 *
 * That is the harmless case. Test and mark are two steps, so both threads may find
 * the consumer at rest: one overwrites the item that the other has sent, or the place
 * where the other is to go on, or both run on the consumer's one stack. A generator
 * does without a lock because whoever resumes it waits for it to yield. Within one
 * thread that is so.
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
		if (!generator_send(&consumer, n)) // RACE: consumer
			break;
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
