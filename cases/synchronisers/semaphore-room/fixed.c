/*
 * A dining car with three seats. A semaphore holds a key for each seat, and a guest
 * that gets a key sits down.
 *
 * Looking and taking are one step of sem_trywait: it takes a key or says that
 * there is none, and no key goes to two guests. sem_post hangs it back. A mutex
 * around the check and the count would be right as well; the semaphore is made
 * for this, and with sem_wait a guest can just as easily wait at the door.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define GUESTS 5
#define SEATS  3

static long rounds;
static sem_t seats;          // a key for each free seat
static atomic_int at_table;  // what an onlooker counts: relaxed, it orders nothing
static atomic_long overfull; // how often the onlooker saw more guests than seats

static void take_time(long microseconds)
{
	struct timespec time = { 0, microseconds * 1000 };

	nanosleep(&time, NULL);
}

static bool sit_down(void)
{
	if (sem_trywait(&seats) != 0)
		return false;
	take_time(10); // goes in
	return true;
}

static void get_up(void)
{
	sem_post(&seats);
}

static void eat(void)
{
	if (atomic_fetch_add_explicit(&at_table, 1, memory_order_relaxed) >= SEATS)
		atomic_fetch_add_explicit(&overfull, 1, memory_order_relaxed);
	take_time(20); // eats
	atomic_fetch_sub_explicit(&at_table, 1, memory_order_relaxed);
}

static void *visit(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long i = 0; i < rounds; i++) {
		if (!sit_down())
			continue; // full: comes again later
		eat();
		get_up();
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t guests[GUESTS];

	rounds = argc > 1 ? atol(argv[1]) : 100;
	sem_init(&seats, 0, SEATS);
	start_line_set();
	for (int i = 0; i < GUESTS; i++)
		pthread_create(&guests[i], NULL, visit, NULL);
	for (int i = 0; i < GUESTS; i++)
		pthread_join(guests[i], NULL);
	sem_destroy(&seats);
	printf("overfull %ld\n", (long)overfull);
	return 0;
}
