/*
 * A thread fills a message and releases it by an atomic flag; main acquires it.
 *
 * The store with release comes after everything that was written before it, and a load
 * with acquire that sees it comes before everything that is read after it. So the flag
 * carries the message along. Without explicit orders C's atomics do the same, and a
 * little more, at a price that is rarely to be noticed: relaxed is for counters.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_WORDS 1000

static long words;
static long message[MAX_WORDS];
static atomic_bool ready;

static void *write_message(void *unused)
{
	for (long i = 0; i < words; i++)
		message[i] = i + 1;
	atomic_store_explicit(&ready, true, memory_order_release);
	return unused;
}

static long read_message(void)
{
	long missing = 0;

	while (!atomic_load_explicit(&ready, memory_order_acquire))
		sched_yield();
	for (long i = 0; i < words; i++)
		missing += message[i] == 0;
	return missing;
}

int main(int argc, char **argv)
{
	pthread_t writer;
	long missing;

	words = argc > 1 ? atol(argv[1]) : 100;
	words = words < MAX_WORDS ? words : MAX_WORDS;
	pthread_create(&writer, NULL, write_message, NULL);
	missing = read_message();
	pthread_join(writer, NULL);
	printf("missing words %ld\n", missing);
	return 0;
}
