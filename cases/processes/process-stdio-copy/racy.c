/*
 * A process writes a word, forks, and the word appears twice.
 *
 *   1. main prints "start"       it stands in stdio's buffer, nothing is written yet
 *   2. main forks                the child has a copy of the buffer: "start"
 *   3. the child prints "child"  and exits: exit writes its buffer, "start child"
 *   4. main prints "main"        and returns: its own "start" is written, and "main"
 *
 * stdio collects what is printed in the memory of the process, and fork copies
 * memory, written or not. At a terminal lines are written at once, so the mistake
 * often shows only when the output goes to a file or a pipe.
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
	exit(0);
}

static void start_child(void)
{
	pid_t child = fork_child();

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
