/*
 * Trylock ignored: whoever does not get the lock leaves the value alone.
 *
 * A thread that finds the lock taken goes on to its next step, and counts only
 * the steps that it made: that is what trylock is for, work that can be skipped or
 * put off. What follows the check, the unlock included, is done by the owner of
 * the lock and nobody else. Where every step has to be made, pthread_mutex_lock is
 * the right call; to try again in a loop is to wait with a busy processor.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

struct tally {
	long change; // of each step: up or down
	long made;   // steps, read after the join
};

static long steps;
static long value = 5;
static pthread_mutex_t value_lock = PTHREAD_MUTEX_INITIALIZER; // protects value

static void step(struct tally *tally)
{
	if (pthread_mutex_trylock(&value_lock) != 0)
		return;
	value += tally->change;
	pthread_mutex_unlock(&value_lock);
	tally->made++;
}

static void *work(void *tally)
{
	start_line_wait();
	for (long i = 0; i < steps; i++)
		step(tally);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct tally up = { 1, 0 }, down = { -1, 0 };
	pthread_t increase, decrease;

	steps = argc > 1 ? atol(argv[1]) : 200000;
	start_line_set();
	pthread_create(&increase, NULL, work, &up);
	pthread_create(&decrease, NULL, work, &down);
	pthread_join(increase, NULL);
	pthread_join(decrease, NULL);
	printf("value off by %ld\n", value - (5 + up.made - down.made));
	return 0;
}
