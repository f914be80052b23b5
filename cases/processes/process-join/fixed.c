/*
 * The main process waits for its workers, then adds up their results.
 *
 * A process that has been waited for has ended, and all that it wrote to the
 * shared mapping was written before. So the wait is both the moment from which the
 * results are there and the order that makes reading them without a lock right.
 * Sleeping for a while, or asking a flag again and again, would only guess.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define WORKERS 4

static bool is_prime(long n)
{
	for (long divisor = 2; divisor * divisor <= n; divisor++)
		if (n % divisor == 0)
			return false;
	return true;
}

static long count_primes(long limit)
{
	long primes = 0;

	for (long n = 2; n <= limit; n++)
		primes += is_prime(n);
	return primes;
}

static long *map_results(void)
{
	long *results = mmap(NULL, WORKERS * sizeof(*results), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (results == MAP_FAILED)
		exit(1);
	return results;
}

static void start_worker(long *result, long limit)
{
	if (fork_child() > 0)
		return;
	*result = count_primes(limit);
	_exit(0);
}

static void wait_for_workers(void)
{
	for (int i = 0; i < WORKERS; i++)
		wait(NULL);
}

int main(int argc, char **argv)
{
	long missing = 0, limit = argc > 1 ? atol(argv[1]) : 20000;
	long *results = map_results();

	for (int i = 0; i < WORKERS; i++)
		start_worker(&results[i], limit);
	wait_for_workers();
	for (int i = 0; i < WORKERS; i++)
		missing += results[i] == 0;
	printf("missing results %ld\n", missing);
	return 0;
}
