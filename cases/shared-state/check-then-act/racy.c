/*
 * Check then act: two producers ask whether the queue is full, then put.
 *
 *   1. first asks full     1 of 2 places is taken: no
 *   2. second asks full    1 of 2 places is taken: no
 *   3. first puts its item, the queue is full now
 *   4. second puts its item into the place of the oldest one, which is lost
 *
 * Both functions lock, so every access is in order and no detector has anything
 * to report. But the answer of full is out of date as soon as the lock is given
 * back: it was true once, and that is all a caller can know.
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

static bool full(void)
{
	pthread_mutex_lock(&lock);
	bool answer = put_nr - taken_nr >= PLACES; // RACE: put_nr
	pthread_mutex_unlock(&lock);
	return answer;
}

static void put(long item)
{
	pthread_mutex_lock(&lock);
	ring[put_nr++ % PLACES] = item; // RACE: put_nr
	pthread_mutex_unlock(&lock);
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
		while (full())
			sched_yield();
		put(i * *(long *)sign);
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
