/*
 * A pool of five threads, shared by both variants. A task may submit tasks of its
 * own. How somebody waits for a task stands in the variants.
 */
#ifndef POOL_NESTED_WAIT_COMMON_H
#define POOL_NESTED_WAIT_COMMON_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#define WORKERS 5

struct task {
	void (*run)(struct task *self);
	long number, result;
	bool done;
	struct task *next; // in the queue
};

static pthread_t workers[WORKERS];
static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER; // protects all below, and `done`
static pthread_cond_t pool_changed = PTHREAD_COND_INITIALIZER;
static struct task *first, **last = &first;
static bool closed; // no task will follow

static void submit(struct task *task)
{
	pthread_mutex_lock(&pool_lock);
	task->done = false;
	task->next = NULL;
	*last = task;
	last = &task->next;
	pthread_cond_broadcast(&pool_changed);
	pthread_mutex_unlock(&pool_lock);
}

// Runs the task that has waited longest, without the lock, which the caller holds.
static void run_first_task(void)
{
	struct task *task = first;

	first = task->next;
	if (!first)
		last = &first;
	pthread_mutex_unlock(&pool_lock);
	task->run(task);
	pthread_mutex_lock(&pool_lock);
	task->done = true;
	pthread_cond_broadcast(&pool_changed);
}

static void *work(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&pool_lock);
	while (first || !closed) {
		if (first)
			run_first_task();
		else
			pthread_cond_wait(&pool_changed, &pool_lock);
	}
	pthread_mutex_unlock(&pool_lock);
	return NULL;
}

static void start_workers(void)
{
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&workers[i], NULL, work, NULL);
}

static void close_and_join(void)
{
	pthread_mutex_lock(&pool_lock);
	closed = true;
	pthread_cond_broadcast(&pool_changed);
	pthread_mutex_unlock(&pool_lock);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
}
#endif
