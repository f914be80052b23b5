/*
 * Five workers add up numbers, each for itself. They are processes, and one of
 * them crashes.
 *
 * A process has memory of its own, so the fault of one ends only that one; the
 * sums stand in a mapping that all share and main prints the four that were
 * finished. Waiting orders them: a sum is complete when its worker was waited
 * for. A handler for SIGABRT or SIGSEGV that carries on in the same process is no
 * repair, as nobody knows what the fault has left behind. The price is a process
 * for each worker, and that only the mapping is shared.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define WORKERS 5
#define DAMAGED 3

struct job {
	pid_t worker;
	int number;
	long sum;
};

static long limit;
static struct job *jobs;

static void work(struct job *job)
{
	long sum = 0;

	if (job->number == DAMAGED)
		abort(); // a failed check; a wild pointer ends the same way
	for (long n = 1; n <= limit; n++)
		sum += n * job->number;
	job->sum = sum;
}

static void map_jobs(void)
{
	jobs = mmap(NULL, WORKERS * sizeof(*jobs), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (jobs == MAP_FAILED)
		exit(1);
}

static void start_worker(struct job *job, int number)
{
	pid_t worker;

	job->number = number;
	worker = fork_child();
	if (worker > 0) {
		job->worker = worker; // not by the worker as well: the mapping is shared
		return;
	}
	work(job);
	_exit(0);
}

int main(int argc, char **argv)
{
	int finished = 0;

	limit = argc > 1 ? atol(argv[1]) : 100000;
	map_jobs();
	for (int i = 0; i < WORKERS; i++)
		start_worker(&jobs[i], i + 1);
	for (int i = 0; i < WORKERS; i++)
		waitpid(jobs[i].worker, NULL, 0);
	for (int i = 0; i < WORKERS; i++)
		finished += jobs[i].sum != 0;
	printf("results %d of %d\n", finished, WORKERS);
	return 0;
}
