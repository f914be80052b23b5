/*
 * Lock per thread: two threads lock in every step, but each a lock of its own.
 *
 *   1. add locks its lock, reads balance        0
 *   2. delete locks its lock, which is free
 *   3. delete reads balance                     0
 *   4. add writes what it read + 1              1
 *   5. delete writes what it read - 1          -1   the step of add is lost
 *
 * A lock keeps out those who take the same lock, nobody else. The task holds a
 * mutex where it should say which one to use: each task that is made brings a new
 * mutex into the world, and both are free whenever they are asked for.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct account {
	long balance;
};

struct task {
	struct account *account;
	pthread_mutex_t lock; // protects the balance
	long amount;
};

static long rounds;

static void *change_balance(void *argument)
{
	struct task *task = argument;

	for (long i = 0; i < rounds; i++) {
		pthread_mutex_lock(&task->lock);
		task->account->balance += task->amount; // RACE: balance
		pthread_mutex_unlock(&task->lock);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	static struct account account;
	static struct task add = { &account, PTHREAD_MUTEX_INITIALIZER, 1 };
	static struct task delete = { &account, PTHREAD_MUTEX_INITIALIZER, -1 };
	pthread_t adder, deleter;

	rounds = argc > 1 ? atol(argv[1]) : 100000;
	pthread_create(&adder, NULL, change_balance, &add);
	pthread_create(&deleter, NULL, change_balance, &delete);
	pthread_join(adder, NULL);
	pthread_join(deleter, NULL);
	printf("balance %ld\n", account.balance);
	return 0;
}
