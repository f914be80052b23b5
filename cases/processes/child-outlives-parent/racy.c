/*
 * A process that crashes leaves its worker behind, at work for nobody.
 *
 *   1. launcher starts worker and crashes
 *   2. main collects launcher           as a shell or a service manager would
 *   3. worker gets another parent, and works on
 *   4. worker delivers its result       when everybody believes that all is over
 *
 * Nothing ties the life of a process to that of its parent. A worker that nobody
 * knows of keeps its memory, its files and its locks, and a second one is soon
 * started beside it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../include/fork_child.h"

static void take_time(long milliseconds)
{
	const struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

static void run_worker(int out, long milliseconds)
{
	take_time(milliseconds);
	if (write(out, "done", 4) != 4)
		_exit(1);
	_exit(0);
}

static void run_launcher(int out, long milliseconds)
{
	if (fork() == 0)
		run_worker(out, milliseconds);
	kill(getpid(), SIGKILL); // a crash
}

int main(int argc, char **argv)
{
	long milliseconds = argc > 1 ? atol(argv[1]) : 20;
	char result[8];
	int ends[2];
	pid_t launcher;

	if (pipe(ends) < 0)
		exit(1);
	launcher = fork_child();
	if (launcher == 0)
		run_launcher(ends[1], milliseconds);
	close(ends[1]);
	waitpid(launcher, NULL, 0);
	// The pipe ends with the last process that could write to it.
	if (read(ends[0], result, sizeof(result)) > 0)
		printf("worker went on without its parent\n");
	else
		printf("worker ended with its parent\n");
	return 0;
}
