/*
 * Lock order: two transfers in opposite directions, each locks its own account first.
 *
 *   1. east locks account 1, from which it pays
 *   2. west locks account 2, from which it pays
 *   3. east waits for account 2   held by west
 *   4. west waits for account 1   held by east: neither will ever go on
 *
 * Every balance is well protected and no update is lost; what is missing is a
 * rule that says which of two locks comes first. "Payer first" is no such rule,
 * since who pays depends on the direction.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct account {
	int number;
	long balance;
	pthread_mutex_t lock; // protects balance
};

static long rounds;
static struct account accounts[2] = {
	{ 1, 1000, PTHREAD_MUTEX_INITIALIZER },
	{ 2, 1000, PTHREAD_MUTEX_INITIALIZER },
};

static void transfer(struct account *from, struct account *to, long amount)
{
	if (from == to)
		return;                  // nothing to move, and only one lock
	pthread_mutex_lock(&from->lock); // RACE: lock
	pthread_mutex_lock(&to->lock);   // RACE: lock
	from->balance -= amount;
	to->balance += amount;
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
}

static void *pay_east(void *unused)
{
	(void)unused;
	for (long i = 0; i < rounds; i++)
		transfer(&accounts[0], &accounts[1], 1);
	return NULL;
}

static void *pay_west(void *unused)
{
	(void)unused;
	for (long i = 0; i < rounds; i++)
		transfer(&accounts[1], &accounts[0], 1);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t east, west;

	rounds = argc > 1 ? atol(argv[1]) : 100000;
	pthread_create(&east, NULL, pay_east, NULL);
	pthread_create(&west, NULL, pay_west, NULL);
	pthread_join(east, NULL);
	pthread_join(west, NULL);
	printf("account %d: %ld, account %d: %ld\n", accounts[0].number, accounts[0].balance,
	       accounts[1].number, accounts[1].balance);
	return 0;
}
