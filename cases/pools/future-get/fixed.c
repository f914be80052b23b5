/*
 * Ten futures, each published under its lock when the result is complete.
 *
 * The task works on memory of its own and links it into the future last, under the
 * lock; get() looks under the same lock, so whoever sees the pointer sees all that
 * was written before it, and the condition variable lets get() sleep meanwhile. A
 * pointer stored with release and loaded with acquire gives order, but no sleep.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define TASKS 10

struct chain {
	long start, steps;
};

struct future {
	pthread_t thread;
	long limit;
	pthread_mutex_t lock; // protects result
	pthread_cond_t ended;
	struct chain *result; // NULL until the task has ended
};

static struct future futures[TASKS];

static long collatz_steps(long n)
{
	long steps = 0;

	for (; n != 1; steps++)
		n = n % 2 ? 3 * n + 1 : n / 2;
	return steps;
}

static void *find_longest_chain(void *argument)
{
	struct future *future = argument;
	struct chain *longest = calloc(1, sizeof(*longest));

	if (!longest)
		exit(1);
	for (long n = 1; n < future->limit; n++) {
		long steps = collatz_steps(n);
		if (steps > longest->steps)
			*longest = (struct chain){ n, steps };
	}
	pthread_mutex_lock(&future->lock);
	future->result = longest;
	pthread_cond_signal(&future->ended);
	pthread_mutex_unlock(&future->lock);
	return NULL;
}

static struct chain *get(struct future *future)
{
	struct chain *result;

	pthread_mutex_lock(&future->lock);
	while (!future->result)
		pthread_cond_wait(&future->ended, &future->lock);
	result = future->result;
	pthread_mutex_unlock(&future->lock);
	return result;
}

int main(int argc, char **argv)
{
	long seen[TASKS], early = 0, limit = argc > 1 ? atol(argv[1]) : 1000;

	for (int i = 0; i < TASKS; i++) {
		futures[i].limit = limit * (i + 1);
		pthread_mutex_init(&futures[i].lock, NULL);
		pthread_cond_init(&futures[i].ended, NULL);
		pthread_create(&futures[i].thread, NULL, find_longest_chain, &futures[i]);
	}
	for (int i = 0; i < TASKS; i++)
		seen[i] = get(&futures[i])->steps;
	for (int i = 0; i < TASKS; i++) {
		pthread_join(futures[i].thread, NULL);
		pthread_cond_destroy(&futures[i].ended);
		pthread_mutex_destroy(&futures[i].lock);
		early += seen[i] != futures[i].result->steps;
		free(futures[i].result);
	}
	printf("early results %ld\n", early);
	return 0;
}
