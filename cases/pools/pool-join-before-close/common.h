/*
 * A pool of four threads, shared by both variants: tasks are submitted until the
 * pool is closed, workers run them in turn and leave when the pool is closed and
 * nothing is left to do. The pool itself is sound.
 */
#ifndef POOL_JOIN_BEFORE_CLOSE_COMMON_H
#define POOL_JOIN_BEFORE_CLOSE_COMMON_H

#include <pthread.h>
#include <stdbool.h>

#define WORKERS   4
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
	bool closed; // nothing more will be submitted
};

#define POOL_INIT                                                                                  \
	{                                                                                          \
		.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER             \
	}

// Waits until there is a task or the pool is closed: false if there is none and never will be.
static bool take_task(struct pool *pool, struct task *task)
{
	bool took;

	pthread_mutex_lock(&pool->lock);
	while (pool->taken == pool->submitted && !pool->closed)
		pthread_cond_wait(&pool->changed, &pool->lock);
	took = pool->taken < pool->submitted;
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

// Says that no task will follow, so that the workers may leave.
static void pool_close(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->closed = true;
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
