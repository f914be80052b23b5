/*
 * Account balance, no lock: one thread deposits, another withdraws, as often.
 *
 *   1. deposit reads balance             0
 *   2. withdraw reads balance            0
 *   3. deposit writes what it read + 1   1
 *   4. withdraw writes what it read - 1  -1   the deposit of step 3 is lost
 *
 * `balance += 1` is a load, an addition and a store, and nothing keeps the
 * other thread out between them. Even where the optimiser turns the whole loop
 * into one addition, that addition is still a load and a store.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

static long rounds;
static long balance;

static void *deposit(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long i = 0; i < rounds; i++) // RACE: balance
		balance += 1;             // RACE: balance
	return NULL;
}

static void *withdraw(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long i = 0; i < rounds; i++) // RACE: balance
		balance -= 1;             // RACE: balance
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
