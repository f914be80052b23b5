/*
 * main sleeps for as long as its thread has always taken, then reads the result.
 *
 *   1. main starts the thread and sleeps    5 ms: it took 3 when measured
 *   2. the thread counts, slower today      another machine, or more to do
 *   3. main wakes up and reads the count    it is not there yet
 *
 * A pause is a guess about time. It is wrong whenever the thread is slower, and wastes
 * the rest when it is faster. Nor does the end of a pause order anything: even a result
 * that is there in time need not be seen.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct timespec long_enough = { 0, 5 * 1000 * 1000 };
static long limit;
static long primes;

static bool is_prime(long n)
{
	for (long divisor = 2; divisor * divisor <= n; divisor++)
		if (n % divisor == 0)
			return false;
	return n > 1;
}

static void *count_primes(void *unused)
{
	long nr = 0;

	for (long n = 2; n <= limit; n++)
		nr += is_prime(n);
	primes = nr; // RACE: primes
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	limit = argc > 1 ? atol(argv[1]) : 200000;
	pthread_create(&thread, NULL, count_primes, NULL);
	nanosleep(&long_enough, NULL);
	printf("%s\n", primes > 0 ? "counted" : "nothing counted"); // RACE: primes
	pthread_join(thread, NULL);
	return 0;
}
