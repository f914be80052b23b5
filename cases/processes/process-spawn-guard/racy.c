/*
 * A program starts itself again for a worker process, and the worker does the same.
 *
 *   1. main starts the program anew, as its worker
 *   2. the worker begins at the top of main, as every program does
 *   3. the worker comes to the line that starts a worker, and starts one
 *   4. that worker begins at the top of main ... and so on without an end
 *
 * A forked child goes on where its parent stands; a spawned one (fork and exec)
 * runs the whole program from the beginning and only its arguments tell it what
 * for. Nobody looks at them here. The first argument, one less each time, is there
 * to end it: without it the machine would run out of processes.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

int main(int argc, char **argv)
{
	long limit = argc > 1 ? atol(argv[1]) : 10;
	int processes = 1;

	if (limit > 1)
		processes += start_worker(limit - 1);
	printf("processes %d\n", processes);
	return 0;
}
