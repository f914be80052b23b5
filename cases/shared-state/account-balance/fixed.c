/*
 * Account balance, one lock over each whole loop.
 *
 * Whoever takes the lock first finishes all its rounds before the other
 * begins, so no load, add and store of one thread is ever split by the other.
 * Holding the lock over the loop instead of in every round costs one
 * acquisition a thread instead of a hundred thousand; it is right here because
 * nobody waits for the balance in between. An atomic balance would be correct
 * too, but pays for every single step.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

static long rounds;
static long balance;
static pthread_mutex_t balance_lock = PTHREAD_MUTEX_INITIALIZER; // protects balance

static void *deposit(void *unused)
{
	(void)unused;
	start_line_wait();
	pthread_mutex_lock(&balance_lock);
	for (long i = 0; i < rounds; i++)
		balance += 1;
	pthread_mutex_unlock(&balance_lock);
	return NULL;
}

static void *withdraw(void *unused)
{
	(void)unused;
	start_line_wait();
	pthread_mutex_lock(&balance_lock);
	for (long i = 0; i < rounds; i++)
		balance -= 1;
	pthread_mutex_unlock(&balance_lock);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t depositor, withdrawer;

	rounds = argc > 1 ? atol(argv[1]) : 100000;
	start_line_set();
	pthread_create(&depositor, NULL, deposit, NULL);
	pthread_create(&withdrawer, NULL, withdraw, NULL);
	pthread_join(depositor, NULL);
	pthread_join(withdrawer, NULL);
	printf("balance %ld\n", balance);
	return 0;
}
