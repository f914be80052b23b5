/*
 * A task of an event loop sleeps in the kernel, and the heartbeat of another stops.
 *
 *   1. heartbeat beats, and asks the loop to go on in 1 ms
 *   2. work sleeps for 10 ms by nanosleep   the thread sleeps, and the loop with it
 *   3. 1 ms is over, heartbeat is due       nobody runs the loop
 *   4. work wakes up                        10 ms without a beat: one is missed
 *
 * A task that waits must tell the loop, which then runs whoever is due. nanosleep tells
 * the kernel only: to it the loop and all its tasks are one thread, and that one asked
 * to sleep. A blocking read, a lookup of a name or a long computation do the same.
 */
#define _GNU_SOURCE
#include <stdio.h>

#include "../../include/event_loop.h"

#define HEARTBEAT_MS 1
#define WORK_MS      10

static long rounds;
static long beats, missed;
static bool working = true;

static void heartbeat(struct task *self)
{
	while (working) {
		beats++;
		await_sleep(self, HEARTBEAT_MS);
	}
}

static void work(struct task *self)
{
	const struct timespec pause = { 0, WORK_MS * NS_PER_MS };

	(void)self;
	for (long i = 0; i < rounds; i++) {
		long before = beats;
		nanosleep(&pause, NULL); // RACE: the thread of the loop
		missed += beats == before;
	}
	working = false;
}

int main(int argc, char **argv)
{
	struct event_loop loop;
	struct task beating, worker;

	rounds = argc > 1 ? atol(argv[1]) : 10;
	loop_open(&loop);
	loop_start(&loop, &beating, heartbeat);
	loop_start(&loop, &worker, work);
	loop_run(&loop);
	loop_close(&loop);
	printf("missed %ld\n", missed);
	return 0;
}
