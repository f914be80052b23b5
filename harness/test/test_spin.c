// Slow or without progress: processes of our own that compute, spin or sleep.
#include "base/mem.h"
#include "run/spin.h"
#include "test/support.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int never;
static volatile unsigned long counter;

static void *spin(void *arg)
{
	while (!never)
		;
	return arg;
}

static void *count(void *arg)
{
	while (!never)
		counter++;
	return arg;
}

static void *hash_numbers(void *arg)
{
	unsigned long x = 1;

	for (unsigned long i = 0; !never; i++)
		x = x * 6364136223846793005UL + i;
	counter = x;
	return arg;
}

static void *sleep_on(void *arg)
{
	for (;;)
		pause();
	return arg;
}

// Of a process with these two threads, its first one among them; it runs already.
static bool proven(void *(*first)(void *), void *(*second)(void *))
{
	struct pid_list list = { 0 };
	struct timespec moment = { .tv_nsec = 50000000 };
	pid_t pid = fork();
	bool is;

	if (pid == 0) {
		pthread_t thread;

		pthread_create(&thread, NULL, second, NULL);
		first(NULL);
		_exit(0);
	}
	nanosleep(&moment, NULL);
	*VEC_PUSH(&list) = pid;
	is = spin_proven(&list);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	pid_list_release(&list);
	return is;
}

static void only_threads_that_all_come_back_to_the_same_state_spin(void)
{
	CHECK_AT("both spin", proven(spin, spin));
	CHECK_AT("one sleeps", proven(spin, sleep_on) && proven(sleep_on, spin));
	CHECK_AT("both sleep", !proven(sleep_on, sleep_on));
	CHECK_AT("one counts", !proven(spin, count) && !proven(count, spin));
	CHECK_AT("one computes", !proven(hash_numbers, spin) && !proven(spin, hash_numbers));
	CHECK_AT("both compute", !proven(hash_numbers, count));
}

static void a_process_that_is_gone_proves_nothing(void)
{
	struct pid_list list = { 0 };
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
	*VEC_PUSH(&list) = pid;
	CU_ASSERT_FALSE(spin_proven(&list));
	pid_list_release(&list);
}

void suite_spin(void)
{
	static const struct test_case cases[] = {
		{ "only threads that all come back to the same state spin",
		  only_threads_that_all_come_back_to_the_same_state_spin },
		{ "a process that is gone proves nothing", a_process_that_is_gone_proves_nothing },
	};

	test_suite("spin", cases, ARRAY_SIZE(cases));
}
