/*
 * Lock order: the account with the lower number is locked first, whoever pays.
 *
 * A circle of waiting threads needs at least one that holds a higher lock and
 * waits for a lower one. With one order for all there is none: whoever gets
 * the lower lock has only to wait for a thread that already holds both and
 * needs nothing more. One lock for all accounts would be right as well, but
 * transfers between other accounts would then wait for no reason; trylock with
 * a retry works too, but it burns time and may go round for long.
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
	struct account *lower = from->number < to->number ? from : to;
	struct account *higher = lower == from ? to : from;

	if (from == to)
		return; // nothing to move, and only one lock
	pthread_mutex_lock(&lower->lock);
	pthread_mutex_lock(&higher->lock);
	from->balance -= amount;
	to->balance += amount;
	pthread_mutex_unlock(&higher->lock);
	pthread_mutex_unlock(&lower->lock);
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
