#include "test/run_one.h"

#include "base/mem.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static void has_orphans(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	CU_ASSERT(result->orphans > 0);
	check_none_left();
}

static void processes_left_behind_are_ended(void)
{
	run_fixture(BEHAVE, "orphan", has_orphans);
	run_fixture(BEHAVE, "daemon", has_orphans);
	run_fixture(BEHAVE, "daemons", has_orphans);
	run_fixture(BEHAVE, "daemon-unmarked", has_orphans);
}

static void any_exit(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	CU_ASSERT_EQUAL(result->code, 0);
}

static void several_runs_leave_nothing(void)
{
	static const char *const modes[] = { "daemon", "daemons", "daemon-unmarked", "orphan" };

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		struct run_one one = run_one(BEHAVE, modes[i], any_exit);

		one.left = 24;
		CU_ASSERT_EQUAL(run_one_go(&one, 4), 0);
		CU_ASSERT_EQUAL(one.done, 24);
		check_none_left();
	}
}

static void is_awaited(const struct run_result *result)
{
	CU_ASSERT_EQUAL(result->how, ENDING_EXIT);
	CU_ASSERT_STRING_EQUAL(result->out.buf, "done\n");
	CU_ASSERT_EQUAL(result->orphans, 0);
}

static void a_double_fork_may_live_as_long_as_its_run(void)
{
	struct run_one one = run_one(BEHAVE, "daemon-awaited", is_awaited);

	one.left = 8;
	CU_ASSERT_EQUAL(run_one_go(&one, 4), 0);
	CU_ASSERT_EQUAL(one.done, 8);
}

static void a_child_that_was_there_before_is_left_alone(void)
{
	pid_t before = fork();

	if (before == 0) {
		pause();
		_exit(0);
	}
	run_fixture(BEHAVE, "daemon", any_exit);
	CU_ASSERT_EQUAL(waitpid(before, NULL, WNOHANG), 0);
	kill(before, SIGKILL);
	CU_ASSERT_EQUAL(waitpid(before, NULL, 0), before);
}

static int tick_fd;

static void tell(void *ctx)
{
	(void)ctx;
	if (write(tick_fd, "x", 1) != 1)
		_exit(90);
}

static void unexpected(const struct run_result *result)
{
	(void)result;
	_exit(91);
}

// In a process of its own: 0 when pool_run() said SIGINT and left no process behind.
static int interrupted_pool(void)
{
	struct run_one one = run_one(BEHAVE, "nap", unexpected);
	struct pool_options options = { .slots = 3 };
	struct pool_client client = {
		.ctx = &one, .next = run_one_next, .done = run_one_done, .tick = tell
	};
	struct err err = ERR_INIT;

	one.left = 3;
	if (pool_run(&options, &client, &err) != SIGINT)
		return 1;
	return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : 2;
}

static void an_interrupt_ends_everything(void)
{
	int fds[2], status = -1;
	char byte;
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	tick_fd = fds[1];
	pid = fork();
	if (pid == 0)
		_exit(interrupted_pool());
	close(fds[1]);
	CU_ASSERT_EQUAL(read(fds[0], &byte, 1), 1);
	kill(pid, SIGINT);
	CU_ASSERT_EQUAL(waitpid(pid, &status, 0), pid);
	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(fds[0]);
}

// The harness is killed in the middle: its runs die with it.
static void runs_die_with_the_harness(void)
{
	int fds[2], status;
	char byte;
	pid_t pid;

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	tick_fd = fds[1];
	pid = fork();
	if (pid == 0)
		_exit(interrupted_pool());
	close(fds[1]);
	CU_ASSERT_EQUAL(read(fds[0], &byte, 1), 1);
	kill(pid, SIGKILL);
	while (waitpid(-1, &status, 0) > 0)
		CU_ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	close(fds[0]);
}

void suite_orphans(void)
{
	static const struct test_case cases[] = {
		{ "processes left behind are ended", processes_left_behind_are_ended },
		{ "several runs leave nothing", several_runs_leave_nothing },
		{ "a double fork may live as long as its run",
		  a_double_fork_may_live_as_long_as_its_run },
		{ "a child that was there before is left alone",
		  a_child_that_was_there_before_is_left_alone },
		{ "an interrupt ends everything", an_interrupt_ends_everything },
		{ "runs die with the harness", runs_die_with_the_harness },
	};

	test_suite("orphans", cases, ARRAY_SIZE(cases));
}
