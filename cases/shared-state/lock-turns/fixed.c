/*
 * Two players move in turn: each waits, on a condition, until the other has moved.
 *
 * The turn is a fact that stands in a variable: after white's move, black is next. A
 * player that comes too early gives up the lock and sleeps until that fact has changed.
 * Pauses between the moves would make a move out of turn rare; a lock that is given to
 * whoever has waited longest would still let a player move twice while the other is
 * not waiting.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../include/start_line.h"

enum player { WHITE, BLACK };

static long moves;                                       // of each player
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects all below
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static enum player last = BLACK; // who has moved
static long out_of_turn;

static void move(enum player player)
{
	pthread_mutex_lock(&lock);
	while (last == player)
		pthread_cond_wait(&moved, &lock);
	out_of_turn += last == player;
	last = player;
	pthread_cond_signal(&moved);
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
