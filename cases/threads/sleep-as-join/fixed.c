/*
 * main joins its thread, then reads the result.
 *
 * The join takes exactly as long as the thread, on every machine, and orders all that
 * the thread wrote before what main reads. Where main has to stop waiting after a
 * while, a condition variable with a time limit says whether the result is there.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

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
	primes = nr;
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	limit = argc > 1 ? atol(argv[1]) : 200000;
	pthread_create(&thread, NULL, count_primes, NULL);
	pthread_join(thread, NULL);
	printf("%s\n", primes > 0 ? "counted" : "nothing counted");
	return 0;
}
