/*
 * Lock leak: the withdrawal leaves by one way out, and that way unlocks.
 *
 * Success and refusal set a result and go through the same last lines, so a
 * check that is added later cannot forget the lock. An unlock in front of the
 * early return would cure this one path and leave the trap for the next; the
 * check cannot move in front of the lock either, because the balance may change
 * between the check and the payment.
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
	int result = -1;

	pthread_mutex_lock(&balance_lock);
	if (balance < amount)
		goto out;
	balance -= amount;
	result = 0;
out:
	pthread_mutex_unlock(&balance_lock);
	return result;
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
