/*
 * Two tasks of one event loop add to one total, and await in the middle of the addition.
 *
 *   1. a reads the total            0
 *   2. a awaits its number          the loop runs b meanwhile
 *   3. b reads the total            0
 *   4. b awaits its number          the loop sleeps until a's number is there
 *   5. a writes what it read + 1    1
 *   6. b writes what it read + 1    1   the addition of step 5 is lost
 *
 * There is one thread and no data race, and no lock seems to be needed. But at every
 * await any other task may run: what was read before it may be old after it. It is no
 * better in one line: `total += fetch(self)` may read the total before the call.
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
		long before = total;          // RACE: total
		total = before + fetch(self); // RACE: total
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
