/*
 * Two threads cut texts into words with strtok.
 *
 *   1. first calls strtok with its text      strtok remembers where it is
 *   2. second calls strtok with its own      strtok remembers that place instead
 *   3. first asks for its next word          it gets one of second's
 *
 * strtok keeps its place in a static variable, of which there is one. Nothing in the
 * call shows it: the text belongs to the thread, and so do the words. ctime, getenv,
 * gethostbyname and readdir have something of that kind as well.
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
	char text[64];
	int nr = 0;

	strcpy(text, of);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) // RACE: strtok
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
