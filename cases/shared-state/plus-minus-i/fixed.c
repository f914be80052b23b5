/*
 * Two threads run `num += i; num -= i;`, each round as a whole under a lock.
 *
 * The lock is held from the first line to the second, so each round leaves num as
 * it found it, and nobody ever sees the value between the two. HOLD gives the lock
 * back where its block ends, as `with lock:` does in Python: the compiler calls the
 * cleanup function on every way out, so no line added later can forget it.
 * (`cleanup` is an extension that gcc and clang share.) Two atomic updates would
 * give the right result too, but would show the value in between to everybody.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

static long rounds;
static long num;
static pthread_mutex_t num_lock = PTHREAD_MUTEX_INITIALIZER; // protects num

static void unlock(pthread_mutex_t **held)
{
	pthread_mutex_unlock(*held);
}

// Holds the lock until the end of the block.
#define HOLD(lock)                                                                                 \
	__attribute__((cleanup(unlock))) pthread_mutex_t *held = (lock);                           \
	pthread_mutex_lock(held)

static void *run(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long i = 0; i < rounds; i++) {
		HOLD(&num_lock);
		num += i;
		num -= i;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t first, second;

	rounds = argc > 1 ? atol(argv[1]) : 1000000;
	start_line_set();
	pthread_create(&first, NULL, run, NULL);
	pthread_create(&second, NULL, run, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	printf("num %ld\n", num);
	return 0;
}
