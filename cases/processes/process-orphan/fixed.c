/*
 * A child reports to its parent, and the parent stays until the child has ended.
 *
 * While launcher waits for worker it exists, so getppid() names it for the whole
 * life of worker, and worker's end is collected by its creator. To
 * compare getppid() with the creator's number before each use would not do: the
 * parent may leave between the comparison and the signal. A worker that is meant
 * to outlive its launcher reports through a pipe, which knows when nobody reads.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

static bool is_prime(long n)
{
	for (long divisor = 2; divisor * divisor <= n; divisor++)
		if (n % divisor == 0)
			return false;
	return true;
}

// Counts primes and returns the process that is to hear of it.
static pid_t work(long limit)
{
	long primes = 0;

	for (long n = 2; n <= limit; n++)
		primes += is_prime(n);
	return primes > 0 ? getppid() : 0;
}

static void run_launcher(int found, long limit)
{
	pid_t reported_to, creator = getpid(), worker = fork();

	if (worker == 0) {
		reported_to = work(limit);
		dprintf(found, "worker reported to %s\n",
			reported_to == creator ? "its creator" : "a stranger");
		_exit(0);
	}
	waitpid(worker, NULL, 0);
	_exit(worker < 0);
}

int main(int argc, char **argv)
{
	long limit = argc > 1 ? atol(argv[1]) : 20000;
	char text[80] = "";
	int found[2];
	pid_t launcher;

	if (pipe(found) < 0)
		exit(1);
	launcher = fork_child();
	if (launcher == 0)
		run_launcher(found[1], limit);
	close(found[1]);
	waitpid(launcher, NULL, 0);
	if (read(found[0], text, sizeof(text) - 1) > 0)
		printf("%s", text);
	return 0;
}
