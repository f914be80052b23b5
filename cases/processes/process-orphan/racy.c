/*
 * A child reports to its parent, but the parent may have left: getppid() then names
 * somebody else.
 *
 *   1. launcher forks worker and leaves, its job is done
 *   2. the system hands worker to another process (init, or whoever collects orphans)
 *   3. worker is done and asks for its parent        a stranger
 *   4. worker reports there: its signal would hit a process that knows nothing of it
 *
 * main stands in for the shell that called launcher. It only writes down what
 * worker found; a worker that is quick enough still meets its creator.
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
