/*
 * A semaphore meant as a mutex, made with two keys instead of one.
 *
 *   1. first takes a key, reads visits     0
 *   2. second takes the other key, reads   0
 *   3. first writes visits                 1
 *   4. second writes visits                1   the visit of step 3 is lost
 *
 * A semaphore with n keys lets n threads in; only n = 1 excludes. The number is
 * right for a kitchen and was kept for a room that holds one person. Nothing is
 * missing in the threads: each takes a key, works and hangs it back.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

static long rounds;
static long visits;
static sem_t keys; // whoever holds one may change visits

static void *visit(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long i = 0; i < rounds; i++) {
		sem_wait(&keys);
		visits += 1; // RACE: visits
		sem_post(&keys);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t first, second;

	rounds = argc > 1 ? atol(argv[1]) : 100000;
	sem_init(&keys, 0, 2);
	start_line_set();
	pthread_create(&first, NULL, visit, NULL);
	pthread_create(&second, NULL, visit, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	sem_destroy(&keys);
	printf("lost visits %ld\n", 2 * rounds - visits);
	return 0;
}
