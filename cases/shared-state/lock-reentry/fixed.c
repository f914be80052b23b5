/*
 * Lock re-entry: with the lock held, the inner function is called, which takes none.
 *
 * deposit is what others call: it locks and leaves the work to deposit_locked.
 * withdraw holds the lock already and goes to the inner function directly; its
 * name tells the next reader what has to be held. A recursive mutex would let
 * withdraw in a second time as well, but then a function no longer knows whether
 * the data behind the lock are in order when it gets it, and a condition variable
 * would wait with the lock half released.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CUSTOMERS 2

static long rounds;
static long balance;
static long savings;
static pthread_mutex_t lock; // protects balance and savings

// The caller holds the lock.
static void deposit_locked(long amount)
{
	balance += amount;
}

static void deposit(long amount)
{
	pthread_mutex_lock(&lock);
	deposit_locked(amount);
	pthread_mutex_unlock(&lock);
}

static void withdraw(long amount)
{
	pthread_mutex_lock(&lock);
	if (balance < amount) {
		savings -= amount;
		deposit_locked(amount);
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
