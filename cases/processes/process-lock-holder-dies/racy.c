/*
 * A process is killed while it holds a shared lock, and the others wait for it.
 *
 *   1. stuck locks the accounts and takes 1 out of the first
 *   2. stuck waits for a confirmation that never comes
 *   3. main kills stuck, so that the others can go on    nobody unlocks the mutex
 *   4. the clerks lock the accounts                      they wait for a dead process
 *
 * A mutex is a number in memory that says "taken". A signal that kills a thread
 * takes its whole program along, memory and all; the shared memory of a process
 * outlives it, with the number in it and the transfer that was half done.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "common.h"

static void open_bank(void)
{
	pthread_mutexattr_t attr;

	bank = map_bank();
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&bank->lock, &attr);
	pthread_mutexattr_destroy(&attr);
	bank->first = MONEY;
}

static void lock_bank(void)
{
	pthread_mutex_lock(&bank->lock);
}

static void transfer(void (*confirm)(void))
{
	lock_bank();
	bank->first -= 1;
	confirm();
	bank->second += 1;
	pthread_mutex_unlock(&bank->lock);
}

static void stuck(void)
{
	transfer(confirm_never);
}

static void clerk(void)
{
	for (long i = 0; i < transfers; i++)
		transfer(confirm_at_once);
}

int main(int argc, char **argv)
{
	pid_t victim;

	transfers = argc > 1 ? atol(argv[1]) : 100;
	open_bank();
	victim = start_process(stuck);
	wait_until_asked();
	start_process(clerk);
	start_process(clerk);
	kill(victim, SIGKILL);
	while (wait(NULL) > 0)
		; // until all three have ended
	pthread_mutex_destroy(&bank->lock);
	printf("missing money %ld\n", MONEY - bank->first - bank->second);
	return 0;
}
