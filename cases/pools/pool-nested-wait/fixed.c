/*
 * Eight tasks in a pool of five threads each submit one more task and wait for it;
 * whoever waits runs tasks from the queue meanwhile.
 *
 * A worker sleeps only when the queue is empty, so a task for which somebody waits
 * is never left lying: it is running, or a waiter will come to it. More workers
 * would only move the limit, as nobody knows how many tasks will wait at once. A
 * second pool for the inner tasks is right too where they never wait themselves;
 * helping also works for tasks within tasks within tasks, on a deeper stack.
 */
#include "common.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_TASKS 1000

static struct task tasks[MAX_TASKS];

static void wait_for(struct task *task)
{
	pthread_mutex_lock(&pool_lock);
	while (!task->done) {
		if (first)
			run_first_task();
		else
			pthread_cond_wait(&pool_changed, &pool_lock);
	}
	pthread_mutex_unlock(&pool_lock);
}

static void square(struct task *self)
{
	self->result = self->number * self->number;
}

static void square_and_add_one(struct task *self)
{
	struct task inner = { .run = square, .number = self->number };

	submit(&inner);
	wait_for(&inner);
	self->result = inner.result + 1;
}

int main(int argc, char **argv)
{
	int nr = argc > 1 ? atoi(argv[1]) : 8;
	int missing = 0;

	if (nr > MAX_TASKS)
		nr = MAX_TASKS;
	for (int i = 0; i < nr; i++) {
		tasks[i] = (struct task){ .run = square_and_add_one, .number = i };
		submit(&tasks[i]);
	}
	start_workers();
	close_and_join();
	for (int i = 0; i < nr; i++)
		missing += tasks[i].result == 0;
	printf("missing results %d\n", missing);
	return 0;
}
