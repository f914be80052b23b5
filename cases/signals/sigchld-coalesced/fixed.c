/*
 * main collects all children that have ended, whenever it gets a SIGCHLD.
 *
 * After a signal main asks until no child is left that has ended. One that ends during
 * that is found at once or sends a signal that is pending afterwards; a signal that finds
 * nothing more to collect does no harm. The same holds for a handler and for a signalfd.
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
	int nr = 0;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		nr++;
	return nr;
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
