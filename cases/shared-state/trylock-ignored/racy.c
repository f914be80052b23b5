/*
 * Trylock ignored: two threads step a value up and down, and go on whether they
 * got the lock or not.
 *
 *   1. increase tries the lock, gets it; reads value    5
 *   2. decrease tries the lock: EBUSY, nobody looks; reads value    5
 *   3. increase writes what it read + 1    6
 *   4. decrease writes what it read - 1    4   the step of increase is lost
 *   5. decrease unlocks the lock of increase; now a third could come in
 *
 * pthread_mutex_lock waits, so it has nothing to say; trylock does not wait, and
 * its result is all there is. Somebody replaced the one by the other to keep the
 * threads from waiting, and every line still looks right.
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
	pthread_mutex_trylock(&value_lock);
	value += tally->change;            // RACE: value
	pthread_mutex_unlock(&value_lock); // RACE: value_lock
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
