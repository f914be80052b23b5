/*
 * A process forks while another of its threads holds a lock.
 *
 *   1. logger locks the log
 *   2. main forks a child                 the child's copy of the lock is taken too
 *   3. logger unlocks the log             in main's memory; the child's stays taken
 *   4. the child locks the log            it waits for a thread that it does not have
 *   5. main waits for the child: neither will ever go on
 *
 * fork copies all of the memory and one thread, the one that calls it. What the
 * other threads were in the midst of stays as it was at that moment, locks
 * included, for ever. The locks of malloc and stdio are taken care of by libc; a
 * program's own, and those of its libraries, are not.
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
	pthread_create(&thread, NULL, logger, NULL);
	start_children();
	pthread_join(thread, NULL);
	for (int i = 0; i < CHILDREN; i++)
		wait(NULL);
	printf("all children done\n");
	return 0;
}
