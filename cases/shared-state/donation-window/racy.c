/*
 * Fifty donors give 100 each to an account that holds 1000. Handling a
 * donation takes 10 ms, and nothing protects the account meanwhile.
 *
 *   1. the first donor reads the money         1000
 *   2. the second donor reads the money        1000
 *   3. the first donor writes 1000 + 100       1100
 *   4. the second donor writes 1000 + 100      1100   one donation is lost
 *
 * 6000 are expected, but whoever comes within the 10 ms reads what the others
 * have not written yet: all write much the same sum, and it stays below 2000.
 * A window of 10 ms makes a loss all but certain; without the wait it is the same
 * mistake, only seen less often.
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

static void *donate(void *unused)
{
	long new_money = money + donation; // RACE: money

	(void)unused;
	nanosleep(&handling_time, NULL);
	money = new_money; // RACE: money
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
