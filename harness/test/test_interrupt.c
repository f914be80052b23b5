// The user's wish to stop, in what waits for others: helpers and compilers that hang.
#include "base/child.h"
#include "base/fs.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "build/artifact.h"
#include "test/support.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// Whatever a test does to signals, it does in a process of its own. What that ended with.
static int apart(void (*what)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		what();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Ends the process with the number of its line when it does not hold.
#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			_exit(__LINE__ % 100 + 1);                                                 \
	} while (0)

static void take_one(void)
{
	sigset_t old;
	int fd;

	interrupt_hold(&old);
	fd = interrupt_fd();
	HOLDS(fd >= 0 && !interrupt_pending() && !interrupt_take());
	raise(SIGTERM);
	HOLDS(interrupt_pending() == SIGTERM && interrupt_pending() == SIGTERM);
	HOLDS(interrupt_take() == SIGTERM && !interrupt_pending());
	raise(SIGINT);
}

static void take_none(void)
{
	sigset_t old;

	signal(SIGHUP, SIG_IGN);
	interrupt_hold(&old);
	raise(SIGHUP);
	HOLDS(!interrupt_pending() && !interrupt_take());
}

static void leave_one(void)
{
	sigset_t old;

	interrupt_hold(&old);
	raise(SIGHUP);
	interrupt_release(&old);
}

static void the_first_is_taken_and_the_second_ends_the_process(void)
{
	CHECK_NUMBER(apart(take_one), 128 + SIGINT);
	CHECK_NUMBER(apart(leave_one), 128 + SIGHUP);
	CHECK_NUMBER(apart(take_none), 0);
}

// Sends this process a signal a little later.
static void send_later(int number)
{
	pid_t parent = getpid();

	if (fork())
		return;
	usleep(50000);
	kill(parent, number);
	_exit(0);
}

static void capture_for_ever(void)
{
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;
	sigset_t old;
	int status;

	spec.argv = (const char *const[]){ "sleep", "100000", NULL };
	interrupt_hold(&old);
	send_later(SIGTERM);
	HOLDS(child_capture(&spec, 100000000, &out, &status, &err) < 0);
	HOLDS(strstr(err.text, "sleep: was interrupted"));
	HOLDS(interrupt_take() == SIGTERM);
}

static void a_helper_that_hangs_is_interrupted(void)
{
	CHECK_NUMBER(apart(capture_for_ever), 0);
}

// A source that no compiler comes to the end of: it includes a FIFO that nobody writes.
struct stuck {
	char *dir;
	struct home home;
	struct toolchain toolchain;
	struct target_list targets;
	struct artifact_list artifacts;
};

static void begin(struct stuck *s)
{
	char *fifo, *source;

	*s = (struct stuck){ .dir = scratch_make() };
	s->home.root = xstrdup(s->dir);
	s->home.build = xasprintf("%s/build", s->dir);
	s->toolchain.tools[TOOL_NATIVE].version = xstrdup("gcc of the day");
	scratch_write(s->dir, "stuck.c", "#include \"fifo.h\"\nint main(void) { return 0; }\n");
	fifo = xasprintf("%s/fifo.h", s->dir);
	source = xasprintf("%s/stuck.c", s->dir);
	CU_ASSERT_EQUAL_FATAL(mkfifo(fifo, 0600), 0);
	artifact_add(&s->artifacts, target_add_source(&s->targets, source), TOOL_NATIVE);
	free(fifo);
	free(source);
}

static void end(struct stuck *s)
{
	artifact_list_release(&s->artifacts);
	target_list_release(&s->targets);
	toolchain_release(&s->toolchain);
	home_release(&s->home);
	scratch_drop(s->dir);
}

static int build(struct stuck *s, int64_t timeout_ns)
{
	const struct build_options options = {
		.home = &s->home, .toolchain = &s->toolchain, .jobs = 2, .timeout_ns = timeout_ns
	};
	struct err err = ERR_INIT;

	return artifact_build_all(&s->artifacts, &options, &err);
}

// What the cache holds, whole or half made.
static size_t cached(const struct stuck *s)
{
	char *pattern = xasprintf("%s/build/cache/*", s->dir);
	glob_t found = { 0 };
	size_t nr = glob(pattern, 0, NULL, &found) ? 0 : found.gl_pathc;

	globfree(&found);
	free(pattern);
	return nr;
}

static void build_until(bool from_the_start)
{
	struct stuck s;
	sigset_t old;

	begin(&s);
	interrupt_hold(&old);
	if (from_the_start)
		raise(SIGINT);
	else
		send_later(SIGINT);
	HOLDS(build(&s, 0) == SIGINT);
	HOLDS(!s.artifacts.items[0].program && !s.artifacts.items[1].program);
	HOLDS(cached(&s) == 0);
	// Only the one that sent the signal is left.
	while (waitpid(-1, NULL, 0) > 0)
		;
	end(&s);
}

static void build_and_then_stop(void)
{
	build_until(false);
}

static void stop_and_then_build(void)
{
	build_until(true);
}

static void a_compiler_that_hangs_is_interrupted(void)
{
	CHECK_NUMBER(apart(build_and_then_stop), 0);
	CHECK_NUMBER(apart(stop_and_then_build), 0);
}

static void a_compiler_that_takes_too_long_is_ended(void)
{
	struct stuck s;

	begin(&s);
	CHECK_NUMBER(build(&s, 50000000), 0);
	for (size_t i = 0; i < s.artifacts.nr; i++) {
		CHECK_NUMBER(s.artifacts.items[i].state, ARTIFACT_FAILED);
		CHECK_HAS(s.artifacts.items[i].log, "the compiler was ended: it took too long");
	}
	CHECK_NUMBER(cached(&s), 0);
	end(&s);
}

void suite_interrupt(void)
{
	static const struct test_case cases[] = {
		{ "the first is taken and the second ends the process",
		  the_first_is_taken_and_the_second_ends_the_process },
		{ "a helper that hangs is interrupted", a_helper_that_hangs_is_interrupted },
		{ "a compiler that hangs is interrupted", a_compiler_that_hangs_is_interrupted },
		{ "a compiler that takes too long is ended",
		  a_compiler_that_takes_too_long_is_ended },
	};

	test_suite("interrupt", cases, ARRAY_SIZE(cases));
}
