/*
 * Two threads run `num += i; num -= i;` a million times each, without a lock.
 *
 *   1. first is at i = 7, reads num           0
 *   2. second is at i = 9, adds it            9
 *   3. first writes what it read + 7          7   the 9 of second is lost
 *   4. second takes its 9 away again          -2
 *   5. first takes its 7 away again           -9   and there it stays
 *
 * Each thread takes away exactly what it added, so it seems that nothing could
 * add up; but an overwritten update leaves its whole i behind, and i grows to a
 * million. An optimising compiler, which may assume that nobody else writes num,
 * sees that the two lines cancel out and drops the loop: the same mistake then
 * gives the right result, until somebody changes one of the lines.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

static long rounds;
static long num;

static void *run(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long i = 0; i < rounds; i++) { // RACE: num
		num += i;                   // RACE: num
		num -= i;                   // RACE: num
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t first, second;

	rounds = argc > 1 ? atol(argv[1]) : 1000000;
	start_line_set();
	pthread_create(&first, NULL, run, NULL);
	pthread_create(&second, NULL, run, NULL);
	pthread_join(first, NULL);
	pthread_join(second, NULL);
	printf("num %ld\n", num);
	return 0;
}
