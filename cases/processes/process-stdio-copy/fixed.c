/*
 * A process writes a word and flushes it before it forks; the child leaves by _exit.
 *
 * An empty buffer can be copied as often as one likes, so whoever forks flushes
 * first: fflush(NULL) does it for all streams, those of libraries too. The child
 * writes what is its own and leaves by _exit, which runs no exit handlers of its
 * parent. Without the flush before the fork that would not help: the child's own
 * fflush would write the inherited word as well.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

static void run_child(void)
{
	printf(" child");
	fflush(stdout);
	_exit(0);
}

static void start_child(void)
{
	pid_t child;

	fflush(NULL);
	child = fork_child();
	if (child == 0)
		run_child();
	waitpid(child, NULL, 0);
}

int main(int argc, char **argv)
{
	long children = argc > 1 ? atol(argv[1]) : 1;

	printf("start");
	for (long i = 0; i < children; i++)
		start_child();
	printf(" main\n");
	return 0;
}
