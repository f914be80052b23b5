/*
 * A semaphore with one key guards a counter. Who gives up waiting posts all the same.
 *
 *   1. first takes the key                     0 keys left
 *   2. second tries, gets none and gives up    on its way out it posts: 1 key
 *   3. third takes that key                    first and third are both inside
 *   4. first and third read the counter, and one of their visits is lost
 *
 * A semaphore does not know who holds its keys. A post without a wait makes one more,
 * and it is there for good: from then on two are let in.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define VISITORS 3

static long rounds;
static sem_t key;
static long counter; // for whoever has the key

static void sign_the_book(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
}

static long visit(void)
{
	long made = 0;

	if (sem_trywait(&key) == 0) {
		long seen = counter; // RACE: counter

		sign_the_book();
		counter = seen + 1; // RACE: counter
		made++;
	}
	sem_post(&key); // RACE: key
	return made;
}

static void *visit_often(void *made)
{
	start_line_wait();
	for (long i = 0; i < rounds; i++)
		*(long *)made += visit();
	return NULL;
}

int main(int argc, char **argv)
{
	long made[VISITORS] = { 0 }, lost = 0;
	pthread_t visitors[VISITORS];

	rounds = argc > 1 ? atol(argv[1]) : 200;
	sem_init(&key, 0, 1);
	start_line_set();
	for (int i = 0; i < VISITORS; i++)
		pthread_create(&visitors[i], NULL, visit_often, &made[i]);
	for (int i = 0; i < VISITORS; i++) {
		pthread_join(visitors[i], NULL);
		lost += made[i];
	}
	sem_destroy(&key);
	printf("lost visits %ld\n", lost - counter);
	return 0;
}
