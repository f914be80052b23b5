/*
 * Lock per thread: the lock stands beside the balance, so there is one for all.
 *
 * What is shared and what protects it belong into the same object: whoever gets at
 * the balance gets at its lock, and no second one can be made by mistake. A
 * pointer to a common lock in each task would be right as well, as long as
 * everybody passes the same one; here nobody has to remember to.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct account {
	pthread_mutex_t lock; // protects balance
	long balance;
};

struct task {
	struct account *account;
	long amount;
};

static long rounds;

static void *change_balance(void *argument)
{
	struct task *task = argument;

	for (long i = 0; i < rounds; i++) {
		pthread_mutex_lock(&task->account->lock);
		task->account->balance += task->amount;
		pthread_mutex_unlock(&task->account->lock);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static struct account account = { .lock = PTHREAD_MUTEX_INITIALIZER };
	static struct task add = { &account, 1 };
	static struct task delete = { &account, -1 };
	pthread_t adder, deleter;

	rounds = argc > 1 ? atol(argv[1]) : 100000;
	pthread_create(&adder, NULL, change_balance, &add);
	pthread_create(&deleter, NULL, change_balance, &delete);
	pthread_join(adder, NULL);
	pthread_join(deleter, NULL);
	printf("balance %ld\n", account.balance);
	return 0;
}
