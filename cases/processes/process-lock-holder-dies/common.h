/*
 * Two accounts in shared memory, processes that work on them, and a confirmation
 * that may never come; shared by both variants.
 */
#ifndef PROCESS_LOCK_HOLDER_DIES_COMMON_H
#define PROCESS_LOCK_HOLDER_DIES_COMMON_H

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../include/fork_child.h"

#define MONEY 1000

struct bank {
	pthread_mutex_t lock; // protects the accounts
	long first, second;   // together MONEY whenever nobody holds the lock
};

static struct bank *bank; // in shared memory
static long transfers;    // of each clerk
static int questions[2];  // a pipe: whoever waits for a confirmation says so here
static int answers[2];    // a pipe that nobody writes to

static struct bank *map_bank(void)
{
	void *memory = mmap(NULL, sizeof(*bank), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			    -1, 0);

	if (memory == MAP_FAILED || pipe(questions) < 0 || pipe(answers) < 0)
		exit(1);
	return memory;
}

static pid_t start_process(void (*run)(void))
{
	pid_t process = fork_child();

	if (process > 0)
		return process;
	run();
	_exit(0);
}

static void confirm_at_once(void)
{
}

static void confirm_never(void)
{
	char answer;

	if (write(questions[1], "?", 1) != 1 || read(answers[0], &answer, 1) != 1)
		_exit(1);
}

static void wait_until_asked(void)
{
	char question;

	if (read(questions[0], &question, 1) != 1)
		exit(1);
}
#endif
