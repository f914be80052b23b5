/*
 * A thread hands callbacks to an event loop by a locked queue, and raises its alarm.
 *
 * The alarm is raised after the append and cleared before the loop takes the queue. So
 * a loop that goes to sleep has seen the callback, or the eventfd still keeps the alarm
 * and wakes it at once. A loop that wakes up every few milliseconds to
 * look would need no alarm, but each callback would be late and the loop never idle.
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
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects queue and queue_end

static void call_soon_from_thread(struct callback *callback)
{
	pthread_mutex_lock(&lock);
	*queue_end = callback;
	queue_end = &callback->next;
	pthread_mutex_unlock(&lock);
	loop_raise_alarm(&loop);
}

static struct callback *take_all(void)
{
	struct callback *all;

	pthread_mutex_lock(&lock);
	all = queue;
	queue = NULL;
	queue_end = &queue;
	pthread_mutex_unlock(&lock);
	return all;
}

static void run_loop(void)
{
	while (running) {
		struct callback *all = take_all();

		if (!all)
			loop_sleep(&loop);
		for (; all; all = all->next)
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
		call_soon_from_thread(&callbacks[i]);
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
