/*
 * Lock re-entry: a function that holds the lock calls a helper that takes it too.
 *
 *   1. withdraw locks the account and finds the balance too low
 *   2. withdraw calls deposit, to move money over from the savings
 *   3. deposit locks the account    held, by its own thread: it waits
 *   4. the only thread that could unlock is the one that waits
 *
 * Each function is right by itself, and the first few withdrawals go well: a
 * default mutex does not know that its owner is asking. Nobody else is needed for
 * this deadlock; the other customers only wait behind it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CUSTOMERS 2

static long rounds;
static long balance;
static long savings;
static pthread_mutex_t lock; // protects balance and savings

static void deposit(long amount)
{
	pthread_mutex_lock(&lock); // RACE: lock
	balance += amount;
	pthread_mutex_unlock(&lock);
}

static void withdraw(long amount)
{
	pthread_mutex_lock(&lock); // RACE: lock
	if (balance < amount) {
		savings -= amount;
		deposit(amount);
	}
	balance -= amount;
	pthread_mutex_unlock(&lock);
}

static void *customer(void *unused)
{
	(void)unused;
	deposit(1);
	for (long i = 0; i < rounds; i++)
		withdraw(1);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t customers[CUSTOMERS];

	rounds = argc > 1 ? atol(argv[1]) : 1000;
	pthread_mutex_init(&lock, NULL);
	savings = CUSTOMERS * (rounds - 1);
	for (int i = 0; i < CUSTOMERS; i++)
		pthread_create(&customers[i], NULL, customer, NULL);
	for (int i = 0; i < CUSTOMERS; i++)
		pthread_join(customers[i], NULL);
	pthread_mutex_destroy(&lock);
	printf("balance %ld, savings %ld\n", balance, savings);
	return 0;
}
