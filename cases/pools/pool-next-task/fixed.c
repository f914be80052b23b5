/*
 * Five worker processes take their tasks from one list, by a shared atomic index.
 *
 * An atomic addition reads the index and moves it on in one step, so no two
 * workers ever get the same number and none can set it back. A lock-free atomic
 * works on any memory that both sides see, in another process as well. A mutex
 * would have to be made for processes, and would stay locked if its holder were
 * killed; it is worth its price where taking a task is more than adding one.
 */
#define _GNU_SOURCE
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"
#include "../../include/start_line.h"

#define WORKERS   5
#define MAX_TASKS 100000

struct pool {
	atomic_long next;      // the task to be taken next
	long runs[WORKERS];    // how many tasks each worker ran
	long steps[MAX_TASKS]; // the result of each task
};

static long collatz_steps(long n)
{
	long steps = 0;

	for (; n != 1; steps++)
		n = n % 2 ? 3 * n + 1 : n / 2;
	return steps;
}

static void work(struct pool *pool, int worker, long tasks)
{
	for (long task; (task = atomic_fetch_add(&pool->next, 1)) < tasks;) {
		pool->steps[task] = collatz_steps(task + 1);
		pool->runs[worker]++;
	}
}

static struct pool *map_pool(void)
{
	struct pool *pool = mmap(NULL, sizeof(*pool), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (pool == MAP_FAILED)
		exit(1);
	return pool;
}

static void start_worker(struct pool *pool, int worker, long tasks)
{
	if (fork_child() > 0)
		return;
	start_line_wait();
	work(pool, worker, tasks);
	_exit(0);
}

int main(int argc, char **argv)
{
	long runs = 0, tasks = argc > 1 ? atol(argv[1]) : 15000;
	struct pool *pool = map_pool();

	tasks = tasks < MAX_TASKS ? tasks : MAX_TASKS;
	start_line_set();
	for (int i = 0; i < WORKERS; i++)
		start_worker(pool, i, tasks);
	for (int i = 0; i < WORKERS; i++)
		wait(NULL);
	for (int i = 0; i < WORKERS; i++)
		runs += pool->runs[i];
	printf("tasks run again %ld\n", runs - tasks);
	return 0;
}
