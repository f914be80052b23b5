/*
 * Lock granularity: a value is read under the lock and written under the lock,
 * but the lock is free between the two.
 *
 *   1. increase gets the value under the lock     5
 *   2. decrease gets the value under the lock     5
 *   3. decrease sets what it got - 1              4
 *   4. increase sets what it got + 1              6   the step of decrease is lost
 *
 * Short critical sections are cheap and let others in soon: so somebody put the
 * lock into get and set. But the step is one update, and it takes both of them.
 * Every access is locked, so there is no data race for a detector to find.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static long steps;
static long value = 5;
static pthread_mutex_t value_lock = PTHREAD_MUTEX_INITIALIZER; // protects value

static long get(void)
{
	pthread_mutex_lock(&value_lock);
	long now = value; // RACE: value
	pthread_mutex_unlock(&value_lock);
	return now;
}

static void set(long now)
{
	pthread_mutex_lock(&value_lock);
	value = now; // RACE: value
	pthread_mutex_unlock(&value_lock);
}

static void change(long amount)
{
	set(get() + amount);
}

static void *increase(void *unused)
{
	(void)unused;
	for (long i = 0; i < steps; i++)
		change(1);
	return NULL;
}

static void *decrease(void *unused)
{
	(void)unused;
	for (long i = 0; i < steps; i++)
		change(-1);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t up, down;

	steps = argc > 1 ? atol(argv[1]) : 200000;
	pthread_create(&up, NULL, increase, NULL);
	pthread_create(&down, NULL, decrease, NULL);
	pthread_join(up, NULL);
	pthread_join(down, NULL);
	printf("value %ld\n", get());
	return 0;
}
