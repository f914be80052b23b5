/*
 * Check then act: one function puts the item if there is a place, under one lock.
 *
 * The check and what follows from it are one critical section, so the answer is
 * still true when it is used. The caller learns afterwards what happened instead
 * of asking beforehand what would; a question like full() has no place in the
 * interface of a shared queue. Keeping full and put and letting the caller lock
 * around both would work as well, but every caller would have to know.
 */
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define PLACES 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects all of the queue
static long ring[PLACES];
static long put_nr, taken_nr; // so far
static long items;            // of each producer

static bool try_put(long item)
{
	pthread_mutex_lock(&lock);
	bool has_place = put_nr - taken_nr < PLACES;
	if (has_place)
		ring[put_nr++ % PLACES] = item;
	pthread_mutex_unlock(&lock);
	return has_place;
}

static bool try_get(long *item)
{
	pthread_mutex_lock(&lock);
	bool got = taken_nr < put_nr;
	if (got)
		*item = ring[taken_nr++ % PLACES];
	pthread_mutex_unlock(&lock);
	return got;
}

static void *produce(void *sign)
{
	for (long i = 1; i <= items; i++) {
		while (!try_put(i * *(long *)sign))
			sched_yield();
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static long plus = 1, minus = -1;
	pthread_t first, second;
	long sum = 0, item;

	items = argc > 1 ? atol(argv[1]) : 5000;
	pthread_create(&first, NULL, produce, &plus);
	pthread_create(&second, NULL, produce, &minus);
	for (long taken = 0; taken < 2 * items; taken++) {
		while (!try_get(&item))
			sched_yield();
		sum += item;
	}
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	printf("sum off by %ld\n", sum);
	return 0;
}
