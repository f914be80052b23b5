/*
 * A semaphore with one key guards a counter. Only those who got the key post it.
 *
 * The post stands behind the check, so there are never more keys than there were. A
 * mutex would be the better guard: it belongs to whoever has locked it, and an unlock
 * by anybody else is an error that can be reported.
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
		long seen = counter;

		sign_the_book();
		counter = seen + 1;
		made++;
		sem_post(&key);
	}
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
