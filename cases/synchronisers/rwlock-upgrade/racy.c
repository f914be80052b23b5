/*
 * Two threads look up a value under a read lock, and want to store it if it is missing.
 *
 *   1. first takes the lock for reading: the value is missing
 *   2. second takes it for reading too: the value is missing
 *   3. first asks for writing      it waits until second has given up reading
 *   4. second asks for writing     it waits for first, and both for themselves
 *
 * A read lock does not become a write lock. Whoever asks for writing waits until all
 * readers have gone, and is one of them. One thread alone is enough.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 2

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER; // protects all below
static long *squares;                                      // 0: not computed yet
static long computed;

static void store(long n)
{
	pthread_rwlock_wrlock(&lock); // RACE: lock
	if (squares[n] == 0) {
		squares[n] = n * n;
		computed++;
	}
	pthread_rwlock_unlock(&lock);
}

static long square(long n)
{
	long found;

	pthread_rwlock_rdlock(&lock);
	if (squares[n] == 0)
		store(n);
	found = squares[n];
	pthread_rwlock_unlock(&lock);
	return found;
}

static void *look_up(void *limit)
{
	for (long n = 1; n <= *(const long *)limit; n++)
		if (square(n) != n * n)
			exit(1);
	return NULL;
}

int main(int argc, char **argv)
{
	long limit = argc > 1 ? atol(argv[1]) : 1000;
	pthread_t threads[THREADS];

	squares = calloc((size_t)limit + 1, sizeof(*squares));
	if (!squares)
		return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, look_up, &limit);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("not computed %ld\n", limit - computed);
	free(squares);
	return 0;
}
