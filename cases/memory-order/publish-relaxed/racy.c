/*
 * A thread fills a message and sets an atomic flag; main sees the flag and reads.
 *
 *   1. the thread writes the message
 *   2. the thread sets ready     relaxed: it may become visible before step 1
 *   3. main sees ready           relaxed: the reads of step 4 may come before
 *   4. main reads the message    what stood there before
 *
 * The flag itself is never torn and never lost. But memory_order_relaxed promises
 * nothing about anything else, and `volatile` instead of _Atomic not even that much. A
 * processor of the x86 family keeps these stores and loads in order; an ARM does not,
 * and a compiler for either may exchange them.
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
		message[i] = i + 1;                                // RACE: message
	atomic_store_explicit(&ready, true, memory_order_relaxed); // RACE: ready
	return unused;
}

static long read_message(void)
{
	long missing = 0;

	while (!atomic_load_explicit(&ready, memory_order_relaxed)) // RACE: ready
		sched_yield();
	for (long i = 0; i < words; i++)
		missing += message[i] == 0; // RACE: message
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
