/*
 * A pool of eight threads, shared by both variants. It can be ended in two ways:
 * closed, when its workers leave after the last task, or terminated, when each
 * leaves after the task that it is running. Both do what they say.
 */
#ifndef POOL_TERMINATE_COMMON_H
#define POOL_TERMINATE_COMMON_H

#include <pthread.h>
#include <stdbool.h>

#define WORKERS   8
#define MAX_TASKS 1000

struct task {
	void (*run)(void *argument);
	void *argument;
};

struct pool {
	pthread_t workers[WORKERS];
	pthread_mutex_t lock; // protects all below
	pthread_cond_t changed;
	struct task tasks[MAX_TASKS];
	int submitted, taken;
	bool closed;     // nothing more will be submitted
	bool terminated; // nothing more will be run
};

#define POOL_INIT                                                                                  \
	{                                                                                          \
		.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER             \
	}

// Waits for a task or the end of the pool: false if the worker is to leave.
static bool take_task(struct pool *pool, struct task *task)
{
	bool took;

	pthread_mutex_lock(&pool->lock);
	while (pool->taken == pool->submitted && !pool->closed && !pool->terminated)
		pthread_cond_wait(&pool->changed, &pool->lock);
	took = pool->taken < pool->submitted && !pool->terminated;
	if (took)
		*task = pool->tasks[pool->taken++];
	pthread_mutex_unlock(&pool->lock);
	return took;
}

static void *work(void *pool)
{
	struct task task;

	while (take_task(pool, &task))
		task.run(task.argument);
	return NULL;
}

static void pool_start(struct pool *pool)
{
	for (int i = 0; i < WORKERS; i++)
		pthread_create(&pool->workers[i], NULL, work, pool);
}

static void pool_submit(struct pool *pool, void (*run)(void *), void *argument)
{
	pthread_mutex_lock(&pool->lock);
	pool->tasks[pool->submitted++] = (struct task){ run, argument };
	pthread_cond_signal(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

static inline void pool_close(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->closed = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

static inline void pool_terminate(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->terminated = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

// Waits until every worker has left.
static void pool_join(struct pool *pool)
{
	for (int i = 0; i < WORKERS; i++)
		pthread_join(pool->workers[i], NULL);
}
#endif
