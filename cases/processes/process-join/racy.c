/*
 * The main process adds up the results of its workers before it has waited for them.
 *
 *   1. main forks worker 0, which begins to count primes
 *   2. main reads results[0]                     0: nothing there yet
 *   3. worker 0 writes results[0]                2262, and nobody looks any more
 *   4. main waits for worker 0 and prints what it read in step 2
 *
 * fork returns as soon as there is a child, not when the child is done; the more
 * work the child has, the surer main comes first. Waiting is there, but too late:
 * what makes a result readable is the wait before the reading.
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
	*result = count_primes(limit); // RACE: results
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
	for (int i = 0; i < WORKERS; i++)
		missing += results[i] == 0; // RACE: results
	wait_for_workers();
	printf("missing results %ld\n", missing);
	return 0;
}
