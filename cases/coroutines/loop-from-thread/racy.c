/*
 * A thread hands callbacks to an event loop in the way that is meant for the loop itself.
 *
 *   1. the loop finds its queue empty and goes to sleep
 *   2. the thread appends a callback    nothing tells the loop: it sleeps on
 *   3. the thread appends the last one and ends
 *   4. the loop sleeps for ever         a queue full of callbacks beside it
 *
 * call_soon is for callbacks: the loop runs them and looks into the queue before it
 * sleeps again, so no lock is needed and nobody has to be woken. A thread needs both:
 * if it appends while the loop takes the queue, callbacks are lost.
 */
#define _GNU_SOURCE
#include "common.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

static struct loop loop;
static struct callback *queue, **queue_end = &queue;
static long rounds, handled;
static struct callback *callbacks; // the last one is to stop the loop
static bool running = true;

static void call_soon(struct callback *callback)
{
	*queue_end = callback;       // RACE: queue
	queue_end = &callback->next; // RACE: queue_end
}

static struct callback *take_all(void)
{
	struct callback *all;

	all = queue;        // RACE: queue
	queue = NULL;       // RACE: queue
	queue_end = &queue; // RACE: queue_end
	return all;
}

static void run_loop(void)
{
	while (running) {
		struct callback *all = take_all();

		if (!all)
			loop_sleep(&loop);
		for (; all; all = all->next) // RACE: callback
			all->run();
	}
}

static void handle(void)
{
	handled++;
}

static void stop(void)
{
	running = false;
}

static void *work(void *unused)
{
	(void)unused;
	for (long i = 0; i <= rounds; i++)
		call_soon(&callbacks[i]);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t worker;

	rounds = argc > 1 ? atol(argv[1]) : 100;
	callbacks = calloc((size_t)rounds + 1, sizeof(*callbacks));
	if (!callbacks)
		return 1;
	for (long i = 0; i <= rounds; i++)
		callbacks[i].run = i < rounds ? handle : stop;
	loop_open(&loop);
	pthread_create(&worker, NULL, work, NULL);
	run_loop();
	pthread_join(worker, NULL);
	loop_close(&loop);
	free(callbacks);
	printf("lost %ld\n", rounds - handled);
	return 0;
}
