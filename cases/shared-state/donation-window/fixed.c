/*
 * Fifty donors give 100 each to an account that holds 1000, one at a time.
 *
 * The lock is taken before the money is read and given back after the new sum
 * is written, so every donor starts from what the donor before wrote. Two short
 * locks, one around the reading and one around the writing, would not do: the
 * old sum would still be old when it is written. The price is that the donors
 * wait for each other, fifty times 10 ms. Where that is too slow, handle the
 * donation first and lock only `money += donation` afterwards.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_DONORS 1000

static const struct timespec handling_time = { 0, 10 * 1000 * 1000 };
static const long donation = 100;
static long money = 1000;
static pthread_mutex_t money_lock = PTHREAD_MUTEX_INITIALIZER; // protects money

static void *donate(void *unused)
{
	pthread_mutex_lock(&money_lock);
	long new_money = money + donation;

	(void)unused;
	nanosleep(&handling_time, NULL);
	money = new_money;
	pthread_mutex_unlock(&money_lock);
	return NULL;
}

int main(int argc, char **argv)
{
	static pthread_t donors[MAX_DONORS];
	int nr = argc > 1 ? atoi(argv[1]) : 50;

	if (nr > MAX_DONORS)
		nr = MAX_DONORS;
	for (int i = 0; i < nr; i++)
		pthread_create(&donors[i], NULL, donate, NULL);
	for (int i = 0; i < nr; i++)
		pthread_join(donors[i], NULL);
	printf("%ld in the account, %ld lost\n", money, 1000 + nr * donation - money);
	return 0;
}
