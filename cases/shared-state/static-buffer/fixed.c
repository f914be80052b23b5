/*
 * Two threads cut texts into words with strtok_r.
 *
 * The place is kept by the caller, on its own stack, so each thread has one. Functions
 * that end in _r are those that leave their state to the caller. A lock around strtok
 * would have to be held from the first word to the last.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/start_line.h"

#define THREADS 2
#define WORDS   8

static long rounds;

static int count_words(const char *of)
{
	char text[64], *place;
	int nr = 0;

	strcpy(text, of);
	for (char *word = strtok_r(text, " ", &place); word; word = strtok_r(NULL, " ", &place))
		nr++;
	return nr;
}

static void *count(void *wrong)
{
	start_line_wait();
	for (long i = 0; i < rounds; i++)
		*(long *)wrong += count_words("to be or not to be it is") != WORDS;
	return NULL;
}

int main(int argc, char **argv)
{
	long wrong[THREADS] = { 0 }, all = 0;
	pthread_t threads[THREADS];

	rounds = argc > 1 ? atol(argv[1]) : 600000;
	start_line_set();
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, count, &wrong[i]);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		all += wrong[i];
	}
	printf("miscounted texts %ld\n", all);
	return 0;
}
