/*
 * A queue with one place, and the lock is held until `full` has been changed.
 *
 * pthread_cond_wait gives up the lock and goes to sleep in one step, so whoever
 * changes `full` under the lock comes either before the test of the other, which
 * then sees the change and does not wait, or after it is asleep, and the signal
 * finds it. The change is what has to be under the lock; signalling there too
 * costs nothing and needs no second thought. Nothing has to be atomic any more.
 * Waiting with a time limit instead would only turn a hang into a delay.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool full;  // protected by lock
static long place; // protected by lock
static long limit;

static void put(long item)
{
	pthread_mutex_lock(&lock);
	while (full)
		pthread_cond_wait(&changed, &lock);
	place = item;
	full = true;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
}

static long get(void)
{
	long item;

	pthread_mutex_lock(&lock);
	while (!full)
		pthread_cond_wait(&changed, &lock);
	item = place;
	full = false;
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
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
