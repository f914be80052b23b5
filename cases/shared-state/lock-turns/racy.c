/*
 * Two players move in turn, and a lock is to see to it.
 *
 *   1. white takes the lock, moves, gives it back
 *   2. black wakes up and wants the lock
 *   3. white, still running, takes the lock again    before black gets there
 *   4. white moves a second time
 *
 * A lock lets one in at a time. Who is next it does not say: whoever asks at the right
 * moment gets it, and the thread that has just given it back is the one that is
 * running. All moves are made under the lock, so no detector has anything to report.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

enum player { WHITE, BLACK };

static long moves;                                       // of each player
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects all below
static enum player last = BLACK;                         // who has moved
static long out_of_turn;

static void move(enum player player)
{
	pthread_mutex_lock(&lock);
	out_of_turn += last == player; // RACE: last
	last = player;                 // RACE: last
	pthread_mutex_unlock(&lock);
}

static void *play(void *player)
{
	start_line_wait();
	for (long i = 0; i < moves; i++)
		move(*(const enum player *)player);
	return NULL;
}

int main(int argc, char **argv)
{
	enum player colours[] = { WHITE, BLACK };
	pthread_t players[2];

	moves = argc > 1 ? atol(argv[1]) : 2000;
	start_line_set();
	for (int i = 0; i < 2; i++)
		pthread_create(&players[i], NULL, play, &colours[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(players[i], NULL);
	printf("moves out of turn %ld\n", out_of_turn);
	return 0;
}
