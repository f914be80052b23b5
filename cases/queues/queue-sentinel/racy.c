/*
 * Three consumers end when they get "quit" from the queue, and one "quit" is sent.
 *
 *   1. the first consumer gets the "quit" and ends
 *   2. the second finds the queue empty, waits for another message
 *   3. so does the third    nobody sends any more, and main waits for both
 *
 * A message is for one receiver, and that holds for the last one as well. With one
 * consumer the program is right; it broke on the day when two more were added.
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
		pthread_cond_wait(&not_empty, &lock); // RACE: not_empty
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
	put(quit); // RACE: not_empty
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
