/*
 * A queue with one place. The waiting is done by the book, under the lock and in
 * a loop; but the lock is given back before `full` is changed and signalled.
 *
 *   1. the consumer locks and tests full        false: it must wait
 *   2. the producer fills the place, full       true
 *   3. the producer signals                     nobody waits yet: no effect
 *   4. the consumer goes to sleep               the signal is gone already
 *   5. the producer locks, tests full           true: it waits as well
 *
 * The producer alone could wake the consumer, and waits for it. All is atomic, so
 * there is no data race; but even an atomic change can fall between the test of
 * another thread and its wait. It happens with the roles exchanged as well.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_bool full;
static atomic_long place;
static long limit;

static void put(long item)
{
	pthread_mutex_lock(&lock);
	while (full)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	place = item;
	full = true;
	pthread_cond_signal(&changed);
}

static long get(void)
{
	long item;

	pthread_mutex_lock(&lock);
	while (!full)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	item = place;
	full = false;
	pthread_cond_signal(&changed);
	return item;
}

static bool is_prime(long n)
{
	for (long divisor = 2; divisor * divisor <= n; divisor++)
		if (n % divisor == 0)
			return false;
	return true;
}

static void *produce(void *unused)
{
	(void)unused;
	for (long n = 2; n < limit; n++)
		if (is_prime(n))
			put(n);
	put(0); // the end
	return NULL;
}

static void *consume(void *primes)
{
	while (get() != 0)
		++*(long *)primes;
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t producer, consumer;
	long primes = 0;

	limit = argc > 1 ? atol(argv[1]) : 100000;
	pthread_create(&producer, NULL, produce, NULL);
	pthread_create(&consumer, NULL, consume, &primes);
	pthread_join(producer, NULL);
	pthread_join(consumer, NULL);
	printf("%ld primes\n", primes);
	return 0;
}
