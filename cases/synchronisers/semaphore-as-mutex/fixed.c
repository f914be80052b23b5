/*
 * A semaphore meant as a mutex, made with one key.
 *
 * With one key the second thread waits until the first has hung it back, so
 * read, addition and write are never split. The post of one thread and the wait
 * of the next also carry the new value of visits along. A pthread mutex would do
 * as well, and it knows its owner; but nothing was wrong with the threads, only the
 * number of keys, and that is what the repair changes.
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
		visits += 1;
		sem_post(&keys);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t first, second;

	rounds = argc > 1 ? atol(argv[1]) : 100000;
	sem_init(&keys, 0, 1);
	start_line_set();
	pthread_create(&first, NULL, visit, NULL);
	pthread_create(&second, NULL, visit, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	sem_destroy(&keys);
	printf("lost visits %ld\n", 2 * rounds - visits);
	return 0;
}
