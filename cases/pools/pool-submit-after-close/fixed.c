/*
 * A task is submitted to a pool that has been closed, and the pool refuses it.
 *
 * Under the lock a task is either accepted before the pool is closed, and then the
 * worker will run it, or refused. Whoever submits has to deal with that: here main runs
 * it itself. A pool that dropped the task without a word would leave it waiting.
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

// Returns false if the pool is closed.
static bool submit(struct task *task)
{
	pthread_mutex_lock(&lock);
	bool accepted = !closed;
	if (accepted) {
		*last = task;
		last = &task->next;
	}
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return accepted;
}

static long get(struct task *task)
{
	pthread_mutex_lock(&lock);
	while (!task->done)
		pthread_cond_wait(&changed, &lock);
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
	if (!submit(&late))
		run(&late);
	printf("squares %ld %ld\n", get(&task), get(&late));
	return 0;
}
