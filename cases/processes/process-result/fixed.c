/*
 * Five processes each send their result through a pipe, and main receives them.
 *
 * The value itself crosses the border, with the number of its task, as whoever is
 * done first sends first. A write of so few bytes goes into a pipe in one piece,
 * so five writers need no lock. main closes its own end for writing: if a process
 * dies without an answer, reading then ends instead of waiting for ever. And main
 * reads before it waits, or large results would fill the pipe and stop everyone.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define TASKS 5

struct answer {
	int task;
	long result;
};

static long results[TASKS];
static int answers[2]; // a pipe: read from [0], write to [1]

static long sum_to(long n)
{
	long sum = 0;

	for (long i = 1; i <= n; i++)
		sum += i;
	return sum;
}

static void start_task(int task, long n)
{
	struct answer answer = { .task = task };

	if (fork_child() > 0)
		return;
	answer.result = sum_to(n);
	_exit(write(answers[1], &answer, sizeof(answer)) != sizeof(answer));
}

static void receive_results(void)
{
	struct answer answer;

	close(answers[1]);
	while (read(answers[0], &answer, sizeof(answer)) == sizeof(answer))
		results[answer.task] = answer.result;
}

static int count_missing(long n)
{
	int missing = 0;

	for (int i = 0; i < TASKS; i++)
		missing += results[i] != sum_to(n + i);
	return missing;
}

int main(int argc, char **argv)
{
	long n = argc > 1 ? atol(argv[1]) : 100000;

	if (pipe(answers) < 0)
		exit(1);
	for (int i = 0; i < TASKS; i++)
		start_task(i, n + i);
	receive_results();
	for (int i = 0; i < TASKS; i++)
		wait(NULL);
	printf("missing results %d\n", count_missing(n));
	return 0;
}
