/*
 * A process that crashes takes its worker along, because the worker has asked for it.
 *
 * On Linux a process may name a signal that it wants to get when its parent ends. A
 * parent that ended before is noticed by getppid(), which then names another process.
 * (Strictly it is the thread that forked, not the process: a thread that starts
 * workers has to stay.) Elsewhere the worker reads from a pipe that only its parent can
 * write to: the end of the pipe is the end of the parent.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../include/fork_child.h"

static void take_time(long milliseconds)
{
	const struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };

	nanosleep(&time, NULL);
}

static void run_worker(int out, long milliseconds, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	take_time(milliseconds);
	if (write(out, "done", 4) != 4)
		_exit(1);
	_exit(0);
}

static void run_launcher(int out, long milliseconds)
{
	pid_t self = getpid();

	if (fork() == 0)
		run_worker(out, milliseconds, self);
	kill(self, SIGKILL); // a crash
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
