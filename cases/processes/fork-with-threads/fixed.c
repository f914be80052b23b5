/*
 * All children are forked before the process has a second thread.
 *
 * With one thread nothing is half done when fork copies the memory: no lock is
 * taken, and the child is a complete program. Where children are needed later, a
 * helper that is forked first can fork them, or posix_spawn start a new program,
 * which inherits no memory. pthread_atfork can take a lock around each fork and so
 * hand it over unlocked, but one handler is needed for every lock there is, those
 * of libraries included, and the standard promises a child of a process with
 * threads nothing but the calls that are safe in a signal handler.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/fork_child.h"
#include "../../include/start_line.h"

#define CHILDREN 5

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER; // protects last_line
static char last_line[80];
static long lines;

static void write_log(const char *who, long number)
{
	pthread_mutex_lock(&log_lock);
	snprintf(last_line, sizeof(last_line), "%s %ld", who, number);
	pthread_mutex_unlock(&log_lock);
}

static void *logger(void *unused)
{
	(void)unused;
	start_line_wait();
	for (long i = 0; i < lines; i++)
		write_log("logger", i);
	return NULL;
}

static void start_child(long number)
{
	if (fork_child() > 0)
		return;
	write_log("child", number);
	_exit(0);
}

static void start_children(void)
{
	start_line_wait();
	for (int i = 0; i < CHILDREN; i++)
		start_child(i);
}

int main(int argc, char **argv)
{
	pthread_t thread;

	lines = argc > 1 ? atol(argv[1]) : 100000;
	start_line_set();
	start_children();
	pthread_create(&thread, NULL, logger, NULL);
	pthread_join(thread, NULL);
	for (int i = 0; i < CHILDREN; i++)
		wait(NULL);
	printf("all children done\n");
	return 0;
}
