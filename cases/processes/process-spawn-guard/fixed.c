/*
 * A program starts itself again for a worker process, and the worker knows that it
 * is one.
 *
 * What only the first process may do stands behind a guard; the worker, told by
 * its arguments what it is for, goes past it to its own work. The guard belongs in
 * main, before anything is started: it is where a spawned process arrives. A limit
 * on how deep it may go would still start too many, only not for ever.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

// Becomes this program, run from its beginning; what it prints goes into `out`.
static void run_again(long limit, int out)
{
	char self[4096] = "", text[32];

	snprintf(text, sizeof(text), "%ld", limit);
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) > 0 && dup2(out, STDOUT_FILENO) >= 0)
		execl(self, "worker", text, (char *)NULL);
	_exit(1);
}

// Returns how many processes the worker says that it took, itself included.
static int start_worker(long limit)
{
	char text[64] = "";
	int out[2], processes = 0;
	pid_t worker;

	if (pipe2(out, O_CLOEXEC) < 0)
		exit(1);
	worker = fork_child();
	if (worker == 0)
		run_again(limit, out[1]);
	close(out[1]);
	if (read(out[0], text, sizeof(text) - 1) > 0)
		sscanf(text, "processes %d", &processes);
	close(out[0]);
	waitpid(worker, NULL, 0);
	return processes;
}

static bool is_worker(char **argv)
{
	return argv[0] && !strcmp(argv[0], "worker");
}

int main(int argc, char **argv)
{
	long limit = argc > 1 ? atol(argv[1]) : 10;
	int processes = 1;

	if (limit > 1 && !is_worker(argv))
		processes += start_worker(limit - 1);
	printf("processes %d\n", processes);
	return 0;
}
