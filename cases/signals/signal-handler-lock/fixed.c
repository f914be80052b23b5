/*
 * A signal handler sets a flag, and the thread reports when it holds no lock.
 *
 * The handler does the one thing that is safe everywhere: it stores to a variable of type
 * volatile sig_atomic_t that its own thread reads. The work is done between two steps,
 * where nothing is half changed. A thread that waits for signals, by sigwait or a
 * signalfd, may do anything at once and needs no handler at all.
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
static volatile sig_atomic_t wanted; // a report

static void report(void)
{
	pthread_mutex_lock(&lock);
	reported = done;
	pthread_mutex_unlock(&lock);
}

static void on_signal(int number)
{
	(void)number;
	wanted = 1;
}

static void do_step(void)
{
	pthread_mutex_lock(&lock);
	done++;
	pthread_mutex_unlock(&lock);
}

static void *work(void *unused)
{
	for (long i = 0; i < rounds; i++) {
		do_step();
		if (wanted) {
			wanted = 0;
			report();
		}
	}
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
