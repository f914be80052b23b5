/*
 * fork for the cases: a child that does not outlive the process that made it.
 *
 *     if (fork_child() == 0) {
 *             work();
 *             _exit(0);                   never back into the parent's code
 *     }
 *
 * A run may be stopped in the middle, by a time limit or by Ctrl-C. Without this its
 * children would stay behind, some of them waiting for something that never comes.
 *
 * Contract
 *  - Returns like fork(): the child's number to the parent, 0 to the child. If there
 *    cannot be a child, the process ends.
 *  - The child is killed when the thread that called fork_child() ends. A parent that
 *    died before the child could ask for that is no longer its parent, and then the
 *    child ends by itself.
 *  - Linux only: define _GNU_SOURCE before any #include.
 */
#ifndef FORK_CHILD_H
#define FORK_CHILD_H

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

static inline pid_t fork_child(void)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		exit(1);
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
	}
	return child;
}

#endif
