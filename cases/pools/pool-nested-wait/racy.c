/*
 * Eight tasks in a pool of five threads each submit one more task and wait for it.
 *
 *   1. main submits tasks 0 to 7
 *   2. the five workers take tasks 0 to 4     5, 6 and 7 wait in the queue
 *   3. each of them submits its inner task    behind 5, 6 and 7
 *   4. each of them waits for it              five threads wait, there is no sixth
 *   5. the inner tasks wait for a worker      and all workers wait for them
 *
 * No lock is held while waiting; what everybody holds is a worker. With fewer
 * tasks than workers one thread stays free and all goes well.
 */
#include "common.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_TASKS 1000

static struct task tasks[MAX_TASKS];

static void wait_for(struct task *task)
{
	pthread_mutex_lock(&pool_lock);
	while (!task->done)
		pthread_cond_wait(&pool_changed, &pool_lock);
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
