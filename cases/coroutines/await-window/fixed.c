/*
 * Two tasks of one event loop add to one total, and nothing is awaited in the addition.
 *
 * The number is awaited first. Between the read of the total and its write there is
 * no await any more, so no other task runs there, and in a loop of one thread that
 * makes the addition atomic. A lock of the loop around read, await and write would be
 * right as well, but then each task would wait for the other's number too, and the
 * fetching, which is what the loop is for, would go one after the other.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "../../include/event_loop.h"

static long rounds;
static long total;

// A number that takes one or two milliseconds to come.
static long fetch(struct task *self)
{
	await_sleep(self, 1 + random() % 2);
	return 1;
}

static void add_up(struct task *self)
{
	for (long i = 0; i < rounds; i++) {
		long fetched = fetch(self);
		total += fetched;
	}
}

int main(int argc, char **argv)
{
	struct event_loop loop;
	struct task a, b;

	rounds = argc > 1 ? atol(argv[1]) : 10;
	loop_open(&loop);
	loop_start(&loop, &a, add_up);
	loop_start(&loop, &b, add_up);
	loop_run(&loop);
	loop_close(&loop);
	printf("lost %ld\n", 2 * rounds - total);
	return 0;
}
