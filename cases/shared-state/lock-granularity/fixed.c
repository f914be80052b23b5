/*
 * Lock granularity: the whole step is one critical section.
 *
 * The lock is held from reading the value to writing it, because that is what has
 * to stay together: a critical section is as long as the update it protects, no
 * shorter. It is cheaper besides, one lock a step instead of two; measured, the
 * right program needs about half the time of the wrong one. A lock over each loop
 * would be right as well and takes a seventh of the time or less, but then nobody
 * else gets at the value before the loop is done. Short, but whole.
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
	long now = value;
	pthread_mutex_unlock(&value_lock);
	return now;
}

static void change(long amount)
{
	pthread_mutex_lock(&value_lock);
	value += amount;
	pthread_mutex_unlock(&value_lock);
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
