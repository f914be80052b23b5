/*
 * main collects one child for each SIGCHLD that it gets.
 *
 *   1. child 1 ends                SIGCHLD is pending
 *   2. children 2 to 5 end         it is pending already: nothing changes
 *   3. main gets the signal        and collects child 1
 *   4. main waits for the next     four children have ended, and no signal comes
 *
 * Standard signals are not counted: a pending one stands for one event or for many. It
 * is a hint that something has happened, and what it was has to be asked for.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define MAX_CHILDREN 100

static void run_child(int go)
{
	char nothing;

	// Returns at the end of the pipe: all children end together.
	_exit(read(go, &nothing, 1) == 0 ? 0 : 1);
}

static int collect(void)
{
	return waitpid(-1, NULL, WNOHANG) > 0; // RACE: SIGCHLD
}

int main(int argc, char **argv)
{
	int children = argc > 1 ? atoi(argv[1]) : 5, collected = 0, number, go[2];
	sigset_t chld;

	children = children < MAX_CHILDREN ? children : MAX_CHILDREN;
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL); // for sigwait
	if (pipe(go) < 0)
		exit(1);
	for (int i = 0; i < children; i++) {
		if (fork_child() == 0) {
			close(go[1]);
			run_child(go[0]);
		}
	}
	close(go[1]);
	while (collected < children) {
		sigwait(&chld, &number);
		collected += collect();
	}
	printf("children left %d\n", children - collected);
	return 0;
}
