/*
 * A timer may be cancelled until it fires. One thread cancels timers as another
 * lets them fire; one atomic step decides which of the two it is.
 *
 * The compare and exchange looks for WAITING and replaces it in one indivisible
 * step, so it succeeds once for each timer, and the other side learns that it came
 * too late. There is one state and not a flag for each side, so it cannot say both.
 * A mutex around look and change is as right, and needed once a timer has more to
 * change than its state.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define MOST_TIMERS 100000L

enum state { WAITING, FIRED, CANCELLED };

static long nr_timers;
static struct timer {
	_Alignas(64) _Atomic(enum state) state; // a cache line for each timer
} timers[MOST_TIMERS];                          // all WAITING at first

static bool decide(struct timer *timer, enum state state)
{
	enum state waiting = WAITING;

	return atomic_compare_exchange_strong(&timer->state, &waiting, state);
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
