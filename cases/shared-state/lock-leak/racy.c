/*
 * Lock leak: the error path of a withdrawal returns without giving the lock back.
 *
 *   1. three of five customers empty the account, each locks and unlocks
 *   2. the fourth locks, finds the balance 0 and returns -1, still holding the lock
 *   3. its thread ends; nobody is left who could unlock
 *   4. the fifth waits for the lock   for ever, and main waits for the fifth
 *
 * The good path is balanced and was tested; the early return came later. (The
 * customers may also share the money out otherwise: at least two are refused.)
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CUSTOMERS 5

static long rounds;
static long balance;
static pthread_mutex_t balance_lock = PTHREAD_MUTEX_INITIALIZER; // protects balance

static int withdraw(long amount)
{
	pthread_mutex_lock(&balance_lock);
	if (balance < amount)
		return -1;
	balance -= amount;
	pthread_mutex_unlock(&balance_lock);
	return 0;
}

static void *customer(void *unused)
{
	(void)unused;
	for (long i = 0; i < rounds; i++) {
		if (withdraw(1) < 0)
			break; // no money left
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t customers[CUSTOMERS];

	rounds = argc > 1 ? atol(argv[1]) : 1000;
	balance = (CUSTOMERS - 2) * rounds;
	for (int i = 0; i < CUSTOMERS; i++)
		pthread_create(&customers[i], NULL, customer, NULL);
	for (int i = 0; i < CUSTOMERS; i++)
		pthread_join(customers[i], NULL);
	printf("balance %ld\n", balance);
	return 0;
}
