#include "base/child.h"

#include "base/mem.h"
#include "test/support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int sh(const char *script, struct child_spec spec, struct strbuf *out, int *status)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	struct err err = ERR_INIT;

	spec.argv = argv;
	return child_capture(&spec, 60000, out, status, &err);
}

// What a script prints in a child of the given settings.
static char *says(const char *script, struct child_spec spec)
{
	struct strbuf out = STRBUF_INIT;
	int status = -1;

	CU_ASSERT_EQUAL(sh(script, spec, &out, &status), 0);
	CU_ASSERT_EQUAL(status, 0);
	return strbuf_detach(&out);
}

#define CHECK_SAYS(script, spec, expected)                                                         \
	do {                                                                                       \
		char *text = says(script, (struct child_spec)spec);                                \
		CU_ASSERT_STRING_EQUAL(text, expected);                                            \
		free(text);                                                                        \
	} while (0)

static void captures_both_streams_and_the_status(void)
{
	struct strbuf out = STRBUF_INIT;
	int status = 0;

	CU_ASSERT_EQUAL(sh("echo one; echo two >&2; exit 5", (struct child_spec)CHILD_SPEC_INIT,
			   &out, &status),
			0);
	CU_ASSERT_STRING_EQUAL(out.buf, "one\ntwo\n");
	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 5);
	strbuf_release(&out);
}

static void a_missing_program_is_an_error(void)
{
	const char *argv[] = { "/no/such/program", NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct child child;
	struct err err = ERR_INIT;

	spec.argv = argv;
	CU_ASSERT_EQUAL(child_spawn(&spec, &child, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/no/such/program"));
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "No such file"));
	CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1);
}

static void stdin_is_empty(void)
{
	CHECK_SAYS("cat; echo end", CHILD_SPEC_INIT, "end\n");
}

static void leads_its_own_session_and_group(void)
{
	CHECK_SAYS("read -r a b c d pgrp sid rest < /proc/$$/stat; "
		   "test $pgrp = $$ && test $sid = $$ && echo leader",
		   CHILD_SPEC_INIT, "leader\n");
}

static void ignored_and_blocked_signals_are_reset(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	sigset_t all, before;

	sigfillset(&all);
	sigaction(SIGUSR1, &ignore, &old);
	sigprocmask(SIG_SETMASK, &all, &before);
	CHECK_SAYS("grep -E 'SigBlk|SigIgn' /proc/self/status | tr -d '\\t\\n'", CHILD_SPEC_INIT,
		   "SigBlk:0000000000000000SigIgn:0000000000000000");
	sigprocmask(SIG_SETMASK, &before, NULL);
	sigaction(SIGUSR1, &old, NULL);
}

static void a_folder_and_an_environment_are_taken(void)
{
	const char *env[] = { "PATH=/usr/bin:/bin", "COLOUR=blue", NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	char *text;

	spec.cwd = "/";
	spec.env = env;
	text = says("pwd; echo $COLOUR; echo $HOME", spec);
	CU_ASSERT_STRING_EQUAL(text, "/\nblue\n\n");
	free(text);
}

static void affinity_is_set(void)
{
	struct child_spec spec = CHILD_SPEC_INIT;
	char *text;

	spec.cpus = 1;
	text = says("grep Cpus_allowed_list /proc/self/status | tr -d '\\t'", spec);
	CU_ASSERT_STRING_EQUAL(text, "Cpus_allowed_list:0\n");
	free(text);
}

static void addresses_can_be_made_the_same(void)
{
	struct child_spec spec = CHILD_SPEC_INIT;
	char *one, *two;

	spec.no_aslr = true;
	one = says("cat /proc/self/maps", spec);
	two = says("cat /proc/self/maps", spec);
	CU_ASSERT_STRING_EQUAL(one, two);
	free(one);
	free(two);
}

static void there_is_no_core_and_files_are_limited(void)
{
	struct child_spec spec = CHILD_SPEC_INIT;
	char *text;

	spec.max_file_bytes = 1 << 20;
	text = says("ulimit -c; ulimit -f", spec);
	CU_ASSERT_STRING_EQUAL(text, "0\n2048\n");
	free(text);
}

static void inherits_no_descriptors(void)
{
	int fd = open("/dev/null", O_RDONLY);
	int high = fcntl(fd, F_DUPFD, 50);

	CHECK_SAYS("ls /proc/self/fd | tr '\\n' ' '", CHILD_SPEC_INIT, "0 1 2 3 ");
	close(fd);
	close(high);
}

static void output_is_cut_and_the_child_still_ends(void)
{
	struct strbuf out = STRBUF_INIT;
	int status = -1;

	CU_ASSERT_EQUAL(
		sh("head -c 3000000 /dev/zero", (struct child_spec)CHILD_SPEC_INIT, &out, &status),
		0);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_EQUAL(out.len, 1u << 20);
	strbuf_release(&out);
}

static void one_that_is_too_slow_is_killed(void)
{
	const char *argv[] = { "sleep", "1000", NULL };
	struct child_spec spec = CHILD_SPEC_INIT;
	struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;
	int status;

	spec.argv = argv;
	CU_ASSERT_EQUAL(child_capture(&spec, 50, &out, &status, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "50 ms"));
	CU_ASSERT_EQUAL(waitpid(-1, NULL, WNOHANG), -1);
	strbuf_release(&out);
}

// The grandchild keeps the pipe open; it is in the child's group and dies with it.
static void a_grandchild_that_holds_the_pipe_does_not_matter(void)
{
	struct strbuf out = STRBUF_INIT;
	int status = -1;

	CU_ASSERT_EQUAL(
		sh("sleep 1000 & echo done", (struct child_spec)CHILD_SPEC_INIT, &out, &status), 0);
	CU_ASSERT_STRING_EQUAL(out.buf, "done\n");
	strbuf_release(&out);
}

static void the_first_line_is_of_those_that_succeed(void)
{
	static const struct {
		const char *script, *line;
	} rows[] = {
		{ "echo one; echo two", "one" }, { "printf one", "one" },          { "true", "" },
		{ "echo one; exit 3", NULL },    { "echo one; kill -9 $$", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *line =
			child_first_line((const char *const[]){ "sh", "-c", rows[i].script, NULL });

		CHECK_TEXT(line, rows[i].line);
		free(line);
	}
	CU_ASSERT_PTR_NULL(child_first_line((const char *const[]){ "/nonexistent", NULL }));
}

void suite_child(void)
{
	static const struct test_case cases[] = {
		{ "captures both streams and the status", captures_both_streams_and_the_status },
		{ "a missing program is an error", a_missing_program_is_an_error },
		{ "stdin is empty", stdin_is_empty },
		{ "leads its own session and group", leads_its_own_session_and_group },
		{ "ignored and blocked signals are reset", ignored_and_blocked_signals_are_reset },
		{ "a folder and an environment are taken", a_folder_and_an_environment_are_taken },
		{ "affinity is set", affinity_is_set },
		{ "addresses can be made the same", addresses_can_be_made_the_same },
		{ "there is no core and files are limited",
		  there_is_no_core_and_files_are_limited },
		{ "inherits no descriptors", inherits_no_descriptors },
		{ "output is cut and the child still ends",
		  output_is_cut_and_the_child_still_ends },
		{ "the first line is of those that succeed",
		  the_first_line_is_of_those_that_succeed },
		{ "one that is too slow is killed", one_that_is_too_slow_is_killed },
		{ "a grandchild that holds the pipe does not matter",
		  a_grandchild_that_holds_the_pipe_does_not_matter },
	};

	test_suite("child", cases, ARRAY_SIZE(cases));
}
