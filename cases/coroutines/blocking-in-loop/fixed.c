/*
 * A task of an event loop sleeps by the loop's timer, and the other one beats meanwhile.
 *
 * await_sleep gives the thread back to the loop, and the loop resumes its tasks in the
 * order of their deadlines. When work begins to wait for 10 ms, the next beat is due
 * within 1 ms, so it always comes first, even where the machine is so busy that the
 * loop sees both when both are over. Work that cannot be awaited, such as a lookup that
 * blocks, belongs in a thread of its own, which tells the loop when it is done.
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
	for (long i = 0; i < rounds; i++) {
		long before = beats;
		await_sleep(self, WORK_MS);
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
