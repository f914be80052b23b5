/*
 * Ten futures, and a result can be seen before it is there.
 *
 *   1. the task makes room for its result and links it into the future
 *   2. main, in get(), sees that result is not NULL   so the task must have ended
 *   3. main reads how long the longest chain is       0, or what the task has so far
 *   4. the task writes 178                            too late for main
 *
 * A pointer that is set means "done" to main; the task sets it before its work.
 * Setting it last would be better and not right: both sides use plain memory, and
 * compiler and processor may exchange two stores, or two reads.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#define TASKS 10

struct chain {
	long start, steps;
};

struct future {
	pthread_t thread;
	long limit;
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
	struct chain *longest = calloc(1, sizeof(*longest)); // RACE: result->steps

	if (!longest)
		exit(1);
	future->result = longest; // RACE: future->result
	for (long n = 1; n < future->limit; n++) {
		long steps = collatz_steps(n);
		if (steps > longest->steps)                    // RACE: result->steps
			*longest = (struct chain){ n, steps }; // RACE: result->steps
	}
	return NULL;
}

static struct chain *get(struct future *future)
{
	while (!future->result) // RACE: future->result
		sched_yield();
	return future->result; // RACE: future->result
}

int main(int argc, char **argv)
{
	long seen[TASKS], early = 0, limit = argc > 1 ? atol(argv[1]) : 1000;

	for (int i = 0; i < TASKS; i++) {
		futures[i].limit = limit * (i + 1);
		pthread_create(&futures[i].thread, NULL, find_longest_chain, &futures[i]);
	}
	for (int i = 0; i < TASKS; i++)
		seen[i] = get(&futures[i])->steps; // RACE: result->steps
	for (int i = 0; i < TASKS; i++) {
		pthread_join(futures[i].thread, NULL);
		early += seen[i] != futures[i].result->steps;
		free(futures[i].result);
	}
	printf("early results %ld\n", early);
	return 0;
}
