/*
 * A dining car with three seats. Five guests look whether a seat is free, and go
 * in if so.
 *
 *   1. guest 1 reads seated        0: a seat is free
 *   2. guests 2 to 5 read seated   0: a seat is free
 *   3. all of them go in and are counted
 *   4. five guests sit at three seats
 *
 * Between the look and the count another may take the seat that was seen free. And
 * the count itself is a load and a store: a guest that is lost in it leaves a
 * number that stays wrong, and the car lets in four for good, or only two.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

#define GUESTS 5
#define SEATS  3

static long rounds;
static long seated;          // what the car itself counts
static atomic_int at_table;  // what an onlooker counts: relaxed, it orders nothing
static atomic_long overfull; // how often the onlooker saw more guests than seats

static void take_time(long microseconds)
{
	struct timespec time = { 0, microseconds * 1000 };

	nanosleep(&time, NULL);
}

static bool sit_down(void)
{
	if (seated >= SEATS) // RACE: seated
		return false;
	take_time(10); // goes in
	seated += 1;   // RACE: seated
	return true;
}

static void get_up(void)
{
	seated -= 1; // RACE: seated
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
	start_line_set();
	for (int i = 0; i < GUESTS; i++)
		pthread_create(&guests[i], NULL, visit, NULL);
	for (int i = 0; i < GUESTS; i++)
		pthread_join(guests[i], NULL);
	printf("overfull %ld\n", (long)overfull);
	return 0;
}
