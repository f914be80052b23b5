/*
 * Two threads look up a value under a read lock, and give it back before they ask for
 * writing.
 *
 * Between the two locks another thread may store the value, so store looks again; it did
 * so before, and there it was of no use. The value is read once more afterwards, because
 * what was seen under the first lock is out of date. Where most look-ups store, a plain
 * mutex is simpler and no slower.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 2

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER; // protects all below
static long *squares;                                      // 0: not computed yet
static long computed;

static long store(long n)
{
	long stored;

	pthread_rwlock_wrlock(&lock);
	if (squares[n] == 0) {
		squares[n] = n * n;
		computed++;
	}
	stored = squares[n];
	pthread_rwlock_unlock(&lock);
	return stored;
}

static long square(long n)
{
	long found;

	pthread_rwlock_rdlock(&lock);
	found = squares[n];
	pthread_rwlock_unlock(&lock);
	return found != 0 ? found : store(n);
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
