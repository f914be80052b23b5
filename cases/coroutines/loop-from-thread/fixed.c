/*
 * A thread hands callbacks to an event loop by a locked queue, and raises its alarm.
 *
 * The alarm is raised after the append and cleared before the loop takes the queue. So
 * a loop that goes to sleep has seen the callback, or the eventfd still keeps the alarm
 * and wakes it at once. Taking the queue at every tick would need no alarm, but makes
 * each callback late and gives an idle loop something to do.
 */
#define _GNU_SOURCE
#include "common.h"

#include <pthread.h>
#include <stdio.h>

static struct loop loop;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects queue and queue_end
static struct callback *queue, **queue_end = &queue;
static long rounds, on_time;
static struct callback *callbacks; // the last one is to stop the loop
static bool running = true;

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
	pthread_mutex_lock(&lock);
	struct callback *all = queue;

	queue = NULL;
	queue_end = &queue;
	pthread_mutex_unlock(&lock);
	return all;
}

static void run_loop(void)
{
	while (running) {
		loop_sleep(&loop);
		if (!loop.alarmed)
			continue;
		for (struct callback *c = take_all(); c; c = c->next)
			c->run();
	}
}

static void handle(void)
{
	on_time += loop.alarmed;
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
	printf("late %ld\n", rounds - on_time);
	return 0;
}
