/*
 * A process is killed while it holds a robust lock, and the next one takes over.
 *
 * The system keeps a list of the robust mutexes that a thread holds and gives them
 * back when it dies, however it dies. The next to lock gets EOWNERDEAD: it has the
 * lock, and the word that what the lock protects may be half changed. Only the
 * program knows what is right, so it puts that in order first and then declares
 * the mutex consistent; to unlock without that makes it useless for good. A time
 * limit on locking would end the waiting too, but nobody would ever have the lock.
 */
#define _GNU_SOURCE
#include <errno.h>
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
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&bank->lock, &attr);
	pthread_mutexattr_destroy(&attr);
	bank->first = MONEY;
}

static void lock_bank(void)
{
	if (pthread_mutex_lock(&bank->lock) == EOWNERDEAD) {
		bank->second = MONEY - bank->first; // its transfer may be half done
		pthread_mutex_consistent(&bank->lock);
	}
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
