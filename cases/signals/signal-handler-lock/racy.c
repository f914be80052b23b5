/*
 * A signal handler takes a lock, and the thread that it interrupts holds it.
 *
 *   1. worker locks the counters
 *   2. main sends it a signal: worker is interrupted where it is
 *   3. the handler locks the counters    held by worker, which goes on when the
 *                                        handler has returned: never
 *
 * To a lock, a handler and the thread that it interrupts are one. A default mutex makes
 * them wait for themselves; a recursive one would let the handler in to data that are
 * half changed. Functions that lock inside, such as printf and malloc, are no better.
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // protects the two below
static long done, reported;
static long rounds;

static void report(void)
{
	pthread_mutex_lock(&lock); // RACE: lock
	reported = done;
	pthread_mutex_unlock(&lock);
}

static void on_signal(int number)
{
	(void)number;
	report();
}

static void do_step(void)
{
	pthread_mutex_lock(&lock); // RACE: lock
	done++;
	pthread_mutex_unlock(&lock);
}

static void *work(void *unused)
{
	for (long i = 0; i < rounds; i++)
		do_step();
	return unused;
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	pthread_t worker;

	rounds = argc > 1 ? atol(argv[1]) : 1000000;
	sigaction(SIGUSR1, &action, NULL);
	pthread_create(&worker, NULL, work, NULL);
	for (int i = 0; i < 20; i++) {
		nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
		pthread_kill(worker, SIGUSR1);
	}
	pthread_join(worker, NULL);
	printf("steps %s\n", done == rounds ? "done" : "missing");
	return 0;
}
