// Slow or without progress: processes of our own that compute, spin or sleep.
#include "base/mem.h"
#include "run/spin.h"
#include "test/support.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Of a process with these two threads, its first one among them; it runs already.
static bool proven(const char *first, const char *second)
{
	struct pid_list list = { 0 };
	struct timespec moment = { .tv_nsec = 50000000 };
	pid_t pid = fork();
	bool is;

	if (pid == 0) {
		execl("build/fixtures/prog_spins", "prog_spins", first, second, (char *)NULL);
		_exit(127);
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
	CHECK_AT("both spin", proven("spin", "spin"));
	CHECK_AT("one sleeps", proven("spin", "sleep") && proven("sleep", "spin"));
	CHECK_AT("both sleep", !proven("sleep", "sleep"));
	CHECK_AT("one counts", !proven("spin", "count") && !proven("count", "spin"));
	CHECK_AT("one computes", !proven("hash", "spin") && !proven("spin", "hash"));
	CHECK_AT("both compute", !proven("hash", "count"));
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
