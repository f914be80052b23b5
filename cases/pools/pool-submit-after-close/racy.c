/*
 * A task is submitted to a pool that has been closed, and its result is waited for.
 *
 *   1. main closes the pool and joins     its worker runs all tasks and leaves
 *   2. main submits one task more         it goes into the queue like any other
 *   3. main waits for its result          nobody is left who could run it
 *
 * It is rarely written in two lines below each other. Mostly one part of a program
 * closes the pool at its end, and another has one last thing to do.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct task {
	long number, square;
	bool done;
	struct task *next; // in the queue
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects all below and `done`
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct task *first, **last = &first;
static bool closed;

static void run(struct task *task)
{
	task->square = task->number * task->number;
	task->done = true;
}

static void *work(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	while (first || !closed) {
		if (!first) {
			pthread_cond_wait(&changed, &lock);
			continue;
		}
		run(first);
		first = first->next;
		last = first ? last : &first;
		pthread_cond_broadcast(&changed);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void submit(struct task *task)
{
	pthread_mutex_lock(&lock);
	*last = task;
	last = &task->next;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static long get(struct task *task)
{
	pthread_mutex_lock(&lock);
	while (!task->done)
		pthread_cond_wait(&changed, &lock); // RACE: changed
	pthread_mutex_unlock(&lock);
	return task->square;
}

static void close_and_join(pthread_t worker)
{
	pthread_mutex_lock(&lock);
	closed = true;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	pthread_join(worker, NULL);
}

int main(int argc, char **argv)
{
	struct task task = { .number = argc > 1 ? atol(argv[1]) : 5 }, late = { .number = 2 };
	pthread_t worker;

	pthread_create(&worker, NULL, work, NULL);
	submit(&task);
	close_and_join(worker);
	submit(&late);
	printf("squares %ld %ld\n", get(&task), get(&late));
	return 0;
}
