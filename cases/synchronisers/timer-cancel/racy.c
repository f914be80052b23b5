/*
 * A timer may be cancelled until it fires. One thread cancels timers as another
 * lets them fire; each looks first whether a timer still waits.
 *
 *   1. fire reads the state of timer 0     WAITING
 *   2. cancel reads the state of timer 0   WAITING
 *   3. fire writes the state               FIRED, the callback will run
 *   4. cancel writes the state             CANCELLED, and says that it will not
 *
 * Each thread that reads WAITING takes the decision to be its own. Nothing keeps
 * the other from reading the same before the answer is written.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define MOST_TIMERS 100000L

enum state { WAITING, FIRED, CANCELLED };

static long nr_timers;
static struct timer {
	_Alignas(64) enum state state; // a cache line for each timer
} timers[MOST_TIMERS];                 // all WAITING at first

static bool decide(struct timer *timer, enum state state)
{
	if (timer->state != WAITING) // RACE: timers
		return false;
	timer->state = state; // RACE: timers
	return true;
}

static void *fire_timers(void *fired)
{
	start_line_wait();
	for (long i = 0; i < nr_timers; i++)
		*(long *)fired += decide(&timers[i], FIRED);
	return NULL;
}

static void *cancel_timers(void *cancelled)
{
	start_line_wait();
	for (long i = 0; i < nr_timers; i++)
		*(long *)cancelled += decide(&timers[i], CANCELLED);
	return NULL;
}

static long timers_wanted(int argc, char **argv)
{
	long wanted = argc > 1 ? atol(argv[1]) : MOST_TIMERS;

	return wanted < MOST_TIMERS ? wanted : MOST_TIMERS;
}

int main(int argc, char **argv)
{
	static long fired, cancelled;
	pthread_t clock, owner;

	nr_timers = timers_wanted(argc, argv);
	start_line_set();
	pthread_create(&clock, NULL, fire_timers, &fired);
	pthread_create(&owner, NULL, cancel_timers, &cancelled);
	pthread_join(clock, NULL);
	pthread_join(owner, NULL);
	printf("decided twice %ld\n", fired + cancelled - nr_timers);
	return 0;
}
