/*
 * Three consumers end when they get "quit" from the queue, and each is sent one.
 *
 * A consumer stops getting after its "quit", so none can take two, and as many
 * as there are consumers reach one each. They come after all other messages, so
 * nothing is left in the queue either. A consumer that puts the "quit" back for the
 * others would also end them all, but leaves one in the queue, and waits for ever
 * when the queue is full; a `closed` flag under the lock, with a broadcast, is the
 * choice where nobody knows how many consumers there are.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONSUMERS 3
#define PLACES    4

static const char quit[] = "quit";
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects all of the queue
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static const char *ring[PLACES];
static long put_nr, taken_nr; // so far

static void put(const char *message)
{
	pthread_mutex_lock(&lock);
	while (put_nr - taken_nr == PLACES)
		pthread_cond_wait(&not_full, &lock);
	ring[put_nr++ % PLACES] = message;
	pthread_cond_signal(&not_empty);
	pthread_mutex_unlock(&lock);
}

static const char *get(void)
{
	pthread_mutex_lock(&lock);
	while (put_nr == taken_nr)
		pthread_cond_wait(&not_empty, &lock);
	const char *message = ring[taken_nr++ % PLACES];
	pthread_cond_signal(&not_full);
	pthread_mutex_unlock(&lock);
	return message;
}

static void *receive(void *received)
{
	while (strcmp(get(), quit) != 0)
		++*(long *)received;
	return NULL;
}

static void send_all(long messages)
{
	for (long i = 0; i < messages; i++)
		put("hello");
	for (int i = 0; i < CONSUMERS; i++)
		put(quit);
}

int main(int argc, char **argv)
{
	long messages = argc > 1 ? atol(argv[1]) : 1000, lost = messages;
	static long received[CONSUMERS];
	pthread_t consumers[CONSUMERS];

	for (int i = 0; i < CONSUMERS; i++)
		pthread_create(&consumers[i], NULL, receive, &received[i]);
	send_all(messages);
	for (int i = 0; i < CONSUMERS; i++) {
		pthread_join(consumers[i], NULL);
		lost -= received[i];
	}
	printf("%ld messages lost\n", lost);
	return 0;
}
